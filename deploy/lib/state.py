"""The folder that holds everything of a cluster on this machine: secrets, programs, data, logs."""
import base64
import fcntl
import os
import pathlib
import pwd
import secrets
import shutil
import subprocess

DEPLOY = pathlib.Path(__file__).resolve().parents[1]
# PostgreSQL does not run as root, and nothing else here needs to.
USER = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
MARK = "storno-cluster"
PASSWORDS = ("superuser", "replication", "rewind", "patroni", "storno")


class State:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.secrets = self.folder / "secrets"
        self.python = self.folder / "python"
        self.binary = self.folder / "bin" / "storno"
        self.secret_key = self.secrets / "storno.key"

    @property
    def exists(self):
        return (self.folder / MARK).exists()

    def of(self, place):
        return self.folder / place.name

    def make(self):
        """Takes an empty folder, or the one that it made earlier."""
        if self.folder.exists() and not self.exists and any(self.folder.iterdir()):
            raise SystemExit(f"{self.folder} holds something else. Choose another folder with --state.")
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / MARK).touch()
        self.give(self.folder)
        if subprocess.run(as_user("test", "-w", self.folder)).returncode != 0:
            raise SystemExit(f"The user {USER} cannot reach {self.folder}. Choose another folder with --state.")

    def lock(self):
        """Two commands at once would start everything twice."""
        self.held = open(self.folder / MARK)
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another deploy/cluster is at work on this folder.") from None

    def make_secrets(self):
        if self.secrets.exists():
            return
        self.secrets.mkdir(mode=0o700)
        for name in PASSWORDS:
            self.write(self.secrets / name, secrets.token_hex(24))
        self.write(self.secret_key, base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
        self.give(self.secrets)

    def password(self, name):
        return (self.secrets / name).read_text()

    def install_patroni(self):
        """Into a folder of its own, for Debian's python3: one under somebody's home is closed to PostgreSQL's user."""
        wanted, stamp = DEPLOY / "requirements.txt", self.python / "requirements.txt"
        if stamp.exists() and stamp.read_text() == wanted.read_text():
            return
        print("Installing Patroni from PyPI …", flush=True)
        shutil.rmtree(self.python, ignore_errors=True)
        line = ["/usr/bin/python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        line += ["--root-user-action=ignore", "--target", self.python, "-r", wanted]
        if subprocess.run(line).returncode != 0:
            raise SystemExit("Patroni could not be installed; it needs python3-pip and a way to PyPI.")
        shutil.copy(wanted, stamp)

    def install_binary(self, path):
        """A copy, so that a new build does not reach into a running cluster."""
        if not pathlib.Path(path).is_file():
            raise SystemExit(f"There is no {path}. Build it, or say where it is with --binary.")
        self.binary.parent.mkdir(exist_ok=True)
        new = self.binary.with_suffix(".new")
        shutil.copy(path, new)
        new.chmod(0o755)
        new.replace(self.binary)

    def write(self, path, text):
        """A file that only our user reads."""
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
        self.give(path)
        self.give(path.parent)

    def give(self, path):
        shutil.chown(path, USER)


def as_user(*line):
    """The command line, run by our user."""
    prefix = ["setpriv", "--reuid", USER, "--regid", USER, "--init-groups", "--"] if os.geteuid() == 0 else []
    return [*prefix, *map(str, line)]
