"""Eight clients push, move, delete and mount while the server is killed, or its file system loses its power; a ledger outside has what was acknowledged."""
import contextlib
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
# In seconds: so short that the collector has work, and longer than most pushes take twice over.
LEASE = 5


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
            [sys.executable, LEDGER, "push", "ledger", "large", "mounts"], cwd=self.folder, env=self.environment, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.process:
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
        """Until so many more changes are acknowledged, and a random moment after."""
        goal, deadline = self.count + number, time.monotonic() + 180
        while self.count < goal:
            if time.monotonic() > deadline:
                raise Damaged("nothing is acknowledged any more")
            time.sleep(0.01)
        time.sleep(random.random() / 5)

    def verify(self):
        result = subprocess.run([sys.executable, LEDGER, "verify", "ledger", "mounts"], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if result.returncode != 0:
            raise Damaged(f"what was acknowledged is not so: {result.stderr[-500:]}")
        return result.stderr.strip()


@contextlib.contextmanager
def crowded(program, data, folder, log, options=()):
    """A server whose collector is busy, and its clients, who begin at once; both end with the block."""
    with Installation(program, data, log, ["--limit", f"blob-lease-milliseconds={LEASE * 1000}", *options]) as installation:
        installation.start()
        for name in ("crash", "crash-other"):
            installation.client().create_repository(repositoryName=name)
        crowd = Crowd(folder, installation)
        try:
            crowd.push()
            yield installation, crowd
        finally:
            crowd.stop()


def settle(installation, crowd):
    """With the clients at rest, all is as it was acknowledged. Leaves the server stopped; returns what there is to tell."""
    crowd.stop()
    late = crowd.verify()
    installation.end(signal.SIGTERM)
    installation.check()
    return late


def kills(program, folder, log, options, rounds, report):
    """Returns how many changes a server with `options` acknowledged, and the longest restart."""
    with crowded(program, folder / "kills", folder / "crowd", log, options) as (installation, crowd):
        for number in range(1, rounds + 1):
            crowd.wait_for_more(5)
            installation.end()
            installation.start()
            if number % 50 == 0:
                report(f"{number} kills, {crowd.count} changes acknowledged")
        settle(installation, crowd)
        return crowd.count, max(installation.restarts[1:])


def missing():
    """Why there are no loop devices; None when there are."""
    result = subprocess.run(["losetup", "--find"], capture_output=True, text=True)
    return result.stderr.strip() if result.returncode != 0 else None


@contextlib.contextmanager
def device(folder, kind):
    """A file system in a file, mounted; what mounts it anew when its power is cut."""
    image, mount = folder / f"{kind}.img", folder / kind
    mount.mkdir()
    with open(image, "wb") as file:
        file.truncate(6 << 30)
    subprocess.run([f"mkfs.{kind}", "-q", str(image)], check=True)
    attach, detach = ["mount", "-o", "loop", image, mount], ["umount", mount]

    def again():
        subprocess.run(detach, check=True)
        subprocess.run(attach, check=True)

    subprocess.run(attach, check=True)
    try:
        yield mount, again
    finally:
        subprocess.run(detach, check=True)
        image.unlink()


def power_cuts(program, folder, log, options, kind, rounds, report):
    """As `kills`, but with everything that the device had not been given being lost."""
    with device(folder, kind) as (mount, mount_again), crowded(program, mount / "data", folder / "crowd", log, options) as (installation, crowd):
        for number in range(1, rounds + 1):
            crowd.wait_for_more(5)
            descriptor = os.open(mount, os.O_RDONLY)
            # Until it is killed the server runs on, on a file system whose journal has ended; one fdatasync in some thousands then says that it
            # has done what it has not.
            cut = time.monotonic()
            fcntl.ioctl(descriptor, SHUTDOWN, struct.pack("I", WITHOUT_LOG))
            os.close(descriptor)
            installation.end()
            mount_again()
            crowd.note_dark(cut)
            installation.start()
            if number % 10 == 0 and number < rounds:
                late = settle(installation, crowd)
                installation.start()
                crowd.push()
                report(f"{number} power cuts of {kind}, {crowd.count} changes acknowledged, nothing lost{late and f'; {late}'}")
        late = settle(installation, crowd)
        report(f"{rounds} power cuts of {kind}, {crowd.count} changes acknowledged, nothing lost{late and f'; {late}'}")
        return crowd.count, max(installation.restarts[1:])
