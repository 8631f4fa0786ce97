"""nginx and HAProxy in front of a server, and what each side says of the requests that it saw."""
import dataclasses
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Forwarded:
    """A request as a proxy's log tells of it."""

    # The `Request-Id` of the answer that it got from the server; empty where there was none.
    identifier: str
    status: str
    line: str


class Proxy:
    """A proxy on a port of its own that keeps its connections to the server, with everything in `folder`."""

    program = None

    def __init__(self, folder, upstream):
        self.folder = folder
        self.upstream = upstream
        self.port = free_port()
        self.log = folder / "forwarded.log"

    def start(self):
        program = shutil.which(self.program, path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, f"{self.program} is missing: scripts/setup-tests installs it"
        self.folder.mkdir(parents=True, exist_ok=True)
        configuration = self.folder / "configuration"
        configuration.write_text(self.configuration())
        output = open(self.folder / "output.log", "wb")
        log = open(self.log, "wb")
        self.process = subprocess.Popen(
            [program, *self.arguments(configuration)],
            stdout=log,
            stderr=output,
            cwd=self.folder,
            start_new_session=True,
        )
        output.close()
        log.close()
        deadline = time.monotonic() + 10
        while not listens(self.port):
            said = (self.folder / "output.log").read_text()
            assert self.process.poll() is None and time.monotonic() < deadline, f"{self.program} does not start: {said}"
            time.sleep(0.02)
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def forwarded(self):
        """Every request that it passed on, as far as its log has come."""
        lines = self.log.read_text(errors="replace").splitlines()
        return [entry for entry in map(self.read, lines) if entry is not None]


class Nginx(Proxy):
    """Lenient: it passes on whatever it can be made to pass on."""

    program = "nginx"

    def arguments(self, configuration):
        return ["-p", str(self.folder), "-c", str(configuration), "-e", str(self.folder / "error.log")]

    def configuration(self):
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n".join(f"  {kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        return f"""
daemon off;
master_process off;
pid {self.folder}/pid;
error_log {self.folder}/error.log info;
events {{ worker_connections 1024; }}
http {{
{temporary}
  log_format forwarded escape=json '{{"upstream":"$upstream_addr","status":"$upstream_status",'
                                   '"id":"$upstream_http_request_id","line":"$request"}}';
  access_log {self.log} forwarded;
  upstream storno {{ server 127.0.0.1:{self.upstream}; keepalive 8; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{self.port};
    merge_slashes off;
    underscores_in_headers on;
    ignore_invalid_headers off;
    large_client_header_buffers 8 64k;
    client_max_body_size 4m;
    client_header_timeout 5s;
    client_body_timeout 5s;
    location / {{
      proxy_pass http://storno;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_ignore_client_abort on;
      proxy_next_upstream off;
      proxy_connect_timeout 5s;
      proxy_send_timeout 5s;
      proxy_read_timeout 5s;
    }}
  }}
}}
"""

    def read(self, line):
        entry = json.loads(line)
        if not entry["upstream"]:
            return None
        return Forwarded(entry["id"], entry["status"], entry["line"])


class HAProxy(Proxy):
    """Lenient, and with one pool of connections for every client."""

    program = "haproxy"
    mode = "http"
    rules = """
  option http-keep-alive
  option accept-invalid-http-request
  http-reuse always
  http-response set-var(txn.id) res.hdr(request-id)
  log-format "%[var(txn.id)] %s %ST %r"
"""

    def arguments(self, configuration):
        return ["-db", "-f", str(configuration)]

    def configuration(self):
        return f"""
global
  log stdout len 65535 format raw local0
  tune.bufsize 131072
  tune.http.maxhdr 1000
listen storno
  mode {self.mode}
  bind 127.0.0.1:{self.port}
  log global
  retries 0
  timeout connect 5s
  timeout client 8s
  timeout server 5s
  timeout http-request 5s
{self.rules}
  server storno 127.0.0.1:{self.upstream}
"""

    def read(self, line):
        found = re.fullmatch(r"(\S+) (\S+) (-?\d+) ?(.*)", line)
        if found is None or found[2] != "storno":
            return None
        return Forwarded("" if found[1] == "-" else found[1], found[3], found[4])


class BlindProxy(HAProxy):
    """Passes bytes on without looking, and takes each connection for one request: the control."""

    mode = "tcp"
    rules = """
  log-format "- %s 0 connection"
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


class ServerLog:
    """What the server says of the requests that came, from here on; it has to run with `STORNO_LOG_LEVEL=debug`."""

    def __init__(self, server):
        self.path = server.folder / "server.log"
        self.begin = self.path.stat().st_size

    def lines(self):
        with open(self.path, "rb") as log:
            log.seek(self.begin)
            return log.read().decode(errors="replace").splitlines()

    def answered(self):
        """The `Request-Id` of each request that was answered."""
        found = (re.search(r" request_id=(req_\w+) .* answered$", line) for line in self.lines())
        return [match[1] for match in found if match]

    def refused(self):
        """How many messages were no HTTP."""
        return sum(line.endswith(" HTTP parse error, closing connection") for line in self.lines())
