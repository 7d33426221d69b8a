"""The servers that are compared, each on a loopback port, with its data under one folder on disk."""
import contextlib
import http.client
import os
import pathlib
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def answers(url):
    """Whether a server answers there, be it with a refusal."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
        return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


class Server:
    """A started server; `url` has no slash at the end, `data` is the folder of a Berth."""

    data = None

    def __init__(self, name, command, url, folder):
        self.name, self.url = name, url
        self.log = open(folder / f"{name}.log", "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=folder)
        deadline = time.monotonic() + 30
        while not answers(url + "/v2/"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{name} did not start:\n{pathlib.Path(self.log.name).read_text()}")
            time.sleep(0.05)

    @property
    def pids(self):
        """The process and its children, such as nginx's workers."""
        main = self.process.pid
        children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def cpu_seconds(self):
        fields = [pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in self.pids]
        return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")

    def memory(self, line):
        """VmRSS or VmHWM of the main process, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(text for text in status.splitlines() if text.startswith(line + ":")).split()[1]) / 1024

    def halt(self):
        """Has the server do nothing at all until it is awake."""
        self.process.send_signal(signal.SIGSTOP)

    @contextlib.contextmanager
    def awake(self):
        """Lets a halted server run meanwhile."""
        self.process.send_signal(signal.SIGCONT)
        yield
        self.halt()

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGCONT):
            self.process.send_signal(number)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Process:
    """A Berth that is ready, on a data folder of its own."""

    def __init__(self, process):
        self.process = process

    def stop(self, by=signal.SIGTERM):
        self.process.send_signal(by)
        self.process.wait(40)


def seconds_to_ready(binary, data):
    """From the start of the program on a data folder to the first 200 of /readyz; and the process."""
    port = free_port()
    command = [binary, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", "--account", "123456789012"]
    with open(data.with_suffix(".log"), "ab") as log:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=log, stderr=log)
    while process.poll() is None and time.monotonic() - begin < 60:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return time.monotonic() - begin, Process(process)
        except OSError:
            pass
        time.sleep(0.002)
    raise SystemExit(f"berth did not start; see {data.with_suffix('.log')}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_berth(binary, folder, name="berth", *options):
    """Berth as anyone runs it: it authenticates every request and logs it. Its keys are those of the environment from now on."""
    port = free_port()
    data = folder / name.replace(", ", "-")
    command = [binary, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}", "--account", "123456789012", *options]
    server = Server(name, command, f"http://127.0.0.1:{port}", folder)
    server.data = data
    script = f'eval "$({shlex.quote(str(binary))} env --data {shlex.quote(str(data))})"; env -0'
    variables = subprocess.run(["bash", "-c", script], check=True, capture_output=True).stdout.decode()
    os.environ.update(line.split("=", 1) for line in variables.split("\0") if line.startswith("AWS_"))
    return server


def start_docker_registry(folder):
    """Debian's docker-registry with neither authentication nor access log."""
    port = free_port()
    (folder / "docker-registry.yml").write_text(f"""version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{cache: {{blobdescriptor: inmemory}}, filesystem: {{rootdirectory: {folder}/docker-registry}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", secret: bench}}
""")
    return Server("docker-registry", ["docker-registry", "serve", "docker-registry.yml"], f"http://127.0.0.1:{port}", folder)


def start_nginx(folder):
    """nginx with sendfile, serving the folder `static`, without an access log."""
    port = free_port()
    scratch = "".join(f"{kind}_temp_path {folder}/nginx-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes auto;
{"user root;" if os.getuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; keepalive_requests 1000000; {scratch}
    server {{ listen 127.0.0.1:{port} reuseport; location / {{ root {folder}/static; }} location = /v2/ {{ return 200; }} }}
}}
""")
    return Server("nginx", ["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf"], f"http://127.0.0.1:{port}", folder)


def start_moto(binary, folder):
    """moto's server, which emulates ECR's API in memory."""
    port = free_port()
    return Server("moto", [binary, "-H", "127.0.0.1", "-p", str(port)], f"http://127.0.0.1:{port}", folder)
