"""kill -9 at every system call of one kind that a walk makes, one after the other, until a walk comes to its end."""
import shutil
import subprocess
import time

from installation import Damaged, Installation
from walk import Broken, Walk

# What changes files, and what carries answers away.
CALLS = ["openat", "mkdirat", "write", "pwrite64", "writev", "ftruncate", "fdatasync", "fsync", "renameat2", "unlinkat", "sync_file_range"]


def prepare(program, folder, log):
    """A data folder with a repository; and the header of a login to it."""
    installation = Installation(program, folder / "base", log)
    installation.start()
    installation.client().create_repository(repositoryName="walk")
    authorization = installation.authorization()
    installation.end()
    return installation.data, authorization


def attach(process, call, number):
    """Has strace kill the process when it enters the system call for the `number`th time from now; returns when it watches."""
    rule = f"inject={call}:signal=KILL:when={number}"
    watcher = subprocess.Popen(
        ["strace", "-f", "-p", str(process.pid), "-e", f"trace={call}", "-e", rule, "-o", "/dev/null"], stderr=subprocess.PIPE, text=True)
    for line in watcher.stderr:
        if "attached" in line:
            return watcher
    raise SystemExit("strace cannot attach; are other tracers at work?")


def run(program, folder, log, calls, report):
    base, authorization = prepare(program, folder, log)
    restarts, total = [], 0
    for call in calls:
        number = 0
        while True:
            number += 1
            data = folder / "data"
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(base, data, ignore=shutil.ignore_patterns("berth.sock"))
            installation = Installation(program, data, log)
            installation.start()
            watcher = attach(installation.process, call, number)
            walk = Walk(authorization)
            was_killed = False
            try:
                walk.walk()
                # The reaper takes second copies away within two seconds.
                deadline = time.monotonic() + 2.5
                while installation.is_running and time.monotonic() < deadline and len(list(data.glob("blobs/*/*"))) > len(walk.blobs):
                    time.sleep(0.02)
                was_killed = not installation.is_running
            except Broken:
                was_killed = True
            installation.end()
            watcher.wait()
            again = Installation(program, data, log)
            try:
                again.start()
                walk.verify()
                again.end()
                again.check()
            except (Damaged, Broken) as error:
                raise Damaged(f"after kill -9 at {call} number {number}: {error}") from error
            restarts += again.restarts
            if not was_killed:
                break
        report(f"{call}: killed at each of {number - 1} calls, nothing lost")
        total += number - 1
    return total, max(restarts)
