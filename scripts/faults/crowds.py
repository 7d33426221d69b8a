"""Eight clients push while the server is killed, or its file system loses its power; a ledger outside holds what was acknowledged."""
import fcntl
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import time

from installation import Damaged, Installation

LEDGER = pathlib.Path(__file__).resolve().parent.parent / "clients/ledger.py"
# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2: not even the journal is written.
SHUTDOWN, WITHOUT_LOG = 0x8004587D, 2


class Crowd:
    """The clients; `count` is what they were acknowledged so far."""

    def __init__(self, folder, installation):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "ledger").touch()
        (folder / "token").write_text(installation.password())
        self.environment = os.environ | {"ECR_REGISTRY": installation.url.removeprefix("http://")}
        self.process = None

    def push(self):
        self.process = subprocess.Popen(
            [sys.executable, LEDGER, "push", "ledger", "large"], cwd=self.folder, env=self.environment, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def note_dark(self, begin):
        """From `begin` until now the server had no power or was away; no computer answers then."""
        with open(self.folder / "dark", "a") as file:
            file.write(f"{begin:.6f} {time.monotonic():.6f}\n")

    @property
    def count(self):
        return (self.folder / "ledger").read_bytes().count(b"\n")

    def wait_for_more(self, number):
        """Until so many more pushes are acknowledged, and a random moment after."""
        goal, deadline = self.count + number, time.monotonic() + 180
        while self.count < goal:
            if time.monotonic() > deadline:
                raise Damaged("no push is acknowledged any more")
            time.sleep(0.01)
        time.sleep(random.random() / 5)

    def verify(self):
        result = subprocess.run([sys.executable, LEDGER, "verify", "ledger"], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if result.returncode != 0:
            raise Damaged(f"an acknowledged push is gone: {result.stderr[-500:]}")
        return result.stderr.strip()


def begin(program, data, folder, log):
    installation = Installation(program, data, log)
    installation.start()
    installation.client().create_repository(repositoryName="crash")
    return installation, Crowd(folder, installation)


def kills(program, folder, log, rounds, report):
    """Returns how many pushes were acknowledged, and the longest restart."""
    installation, crowd = begin(program, folder / "kills", folder / "crowd", log)
    crowd.push()
    try:
        for number in range(1, rounds + 1):
            crowd.wait_for_more(5)
            installation.end()
            installation.start()
            if number % 50 == 0:
                report(f"{number} kills, {crowd.count} pushes acknowledged")
    finally:
        crowd.stop()
    crowd.verify()
    installation.end(signal.SIGTERM)
    installation.check()
    return crowd.count, max(installation.restarts[1:])


def power_cuts(program, folder, log, kind, rounds, report):
    """As `kills`, but with everything that the device had not been given being lost."""
    image, mount = folder / f"{kind}.img", folder / kind
    mount.mkdir()
    with open(image, "wb") as file:
        file.truncate(6 << 30)
    subprocess.run([f"mkfs.{kind}", "-q", str(image)], check=True)

    def mounted(action):
        return subprocess.run(["mount", "-o", "loop", image, mount] if action else ["umount", mount], check=True)

    mounted(True)
    crowd = None
    try:
        installation, crowd = begin(program, mount / "data", folder / f"crowd-{kind}", log)
        crowd.push()
        for number in range(1, rounds + 1):
            crowd.wait_for_more(5)
            device = os.open(mount, os.O_RDONLY)
            # Until it is killed the server runs on, on a file system whose journal has ended; one fdatasync in some thousands then says that it
            # has done what it has not.
            cut = time.monotonic()
            fcntl.ioctl(device, SHUTDOWN, struct.pack("I", WITHOUT_LOG))
            os.close(device)
            installation.end()
            mounted(False)
            mounted(True)
            crowd.note_dark(cut)
            installation.start()
            if number % 10 == 0:
                crowd.stop()
                late = crowd.verify()
                installation.end(signal.SIGTERM)
                installation.check()
                installation.start()
                crowd.push()
                report(f"{number} power cuts of {kind}, {crowd.count} pushes acknowledged, nothing lost{late and f'; {late}'}")
        crowd.stop()
        crowd.verify()
        installation.end(signal.SIGTERM)
        installation.check()
        return crowd.count, max(installation.restarts[1:])
    finally:
        if crowd:
            crowd.stop()
        installation.end()
        mounted(False)
