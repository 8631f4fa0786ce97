# A shell for which /etc, /usr/local, /var and /run are its own: what it changes there is gone with it.
# Arguments: the folder of the stand-in for systemctl.
set -euo pipefail
layers=$(mktemp -d)
mount -t tmpfs layers "$layers"
for name in etc usr/local var; do
    mkdir -p "$layers/$name"/{upper,work}
    mount -t overlay layer -o "lowerdir=/$name,upperdir=$layers/$name/upper,workdir=$layers/$name/work" "/$name"
done
mount -t tmpfs run /run
PATH=$1:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec bash -eu -o pipefail
