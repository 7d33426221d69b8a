"""A data folder, and the server that runs on it."""
import base64
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

import boto3

PORT = 5997


class Damaged(Exception):
    """A promise was broken; the message says which."""


class Installation:
    """Starts, kills and checks a Berth on `data`; what it logs goes to `log`."""

    def __init__(self, program, data, log, options=()):
        # A list is the program after what it runs under.
        self.command = [str(part) for part in program] if isinstance(program, list) else [str(program)]
        self.data, self.log, self.options = pathlib.Path(data), log, options
        self.url = f"http://127.0.0.1:{PORT}"
        self.process = None
        self.restarts = []

    def start(self):
        """Returns when /readyz answers 200; how long that took is kept in `restarts`."""
        begin = time.monotonic()
        command = [*self.command, "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{PORT}", *self.options]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() - begin > 30:
                raise Damaged(f"the server does not start again, status {self.process.poll()}")
            time.sleep(0.005)
        self.restarts.append(time.monotonic() - begin)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    @property
    def is_running(self):
        return self.process.poll() is None

    def objects(self):
        """How many files of layers there are, of unfinished uploads too."""
        return len(list(self.data.glob("blobs/*/*"))) + len(list(self.data.glob("uploads/*/*")))

    def end(self, by=signal.SIGKILL):
        if self.is_running:
            self.process.send_signal(by)
        self.process.wait()

    def client(self):
        """boto3's, with the root key that the first start left."""
        return boto3.client("ecr", endpoint_url=self.url, **self.credentials())

    def credentials(self):
        lines = (self.data / "client-credentials").read_text().splitlines()
        values = dict(line.split(" = ", 1) for line in lines if " = " in line)
        return values | {"region_name": "us-east-1"}

    def password(self):
        """The password of a docker login; good for twelve hours, whatever happens to the server."""
        token = self.client().get_authorization_token()["authorizationData"][0]["authorizationToken"]
        return base64.b64decode(token).decode().removeprefix("AWS:")

    def authorization(self):
        """The header of a docker login."""
        return {"Authorization": "Basic " + base64.b64encode(f"AWS:{self.password()}".encode()).decode()}

    def check(self):
        """berth fsck, reading all data, with the server stopped. Raises `Damaged`."""
        result = subprocess.run([*self.command, "fsck", "--json", "--read-data", "--data", str(self.data)], capture_output=True, text=True)
        if result.returncode != 0:
            damage = json.loads(result.stdout)["damage"] if result.stdout else result.stderr
            raise Damaged(f"berth fsck: {damage}")
        return json.loads(result.stdout)


for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
