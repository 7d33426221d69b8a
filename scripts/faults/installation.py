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
from botocore.config import Config


class Damaged(Exception):
    """A promise was broken; the message says which."""


class Installation:
    """Starts, kills and checks a Berth on `data`; what it logs goes to `log`. With `faults` its server meets these. As a context it ends with it."""

    # Of all that are started.
    port = 5997

    def __init__(self, program, data, log, options=(), faults=None):
        self.program, self.data, self.log, self.options, self.faults = str(program), pathlib.Path(data), log, options, faults
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.restarts = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def start(self):
        """Returns when /readyz answers 200; how long that took is kept in `restarts`."""
        begin = time.monotonic()
        command = [self.program, "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", *self.options]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=os.environ | (self.faults.environment if self.faults else {}))
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
        if self.process:
            self.process.send_signal(by)
            self.process.wait()

    def client(self):
        """boto3's, with the root key that the first start left; it tries nothing twice."""
        return boto3.client("ecr", endpoint_url=self.url, config=Config(retries={"total_max_attempts": 1}), **self.credentials())

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
        result = subprocess.run([self.program, "fsck", "--json", "--read-data", "--data", str(self.data)], capture_output=True, text=True)
        if result.returncode != 0:
            damage = json.loads(result.stdout)["damage"] if result.stdout else result.stderr
            raise Damaged(f"berth fsck: {damage}")
        return json.loads(result.stdout)


for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
