"""kill -9 at every system call of one kind that a walk makes, one after the other, until a walk comes to its end."""
import time

from injection import attach, fresh, kill_at_each, recovery
from installation import Installation
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


def run(program, folder, log, calls, report):
    """Returns how often the server was killed, and the longest restart."""
    base, authorization = prepare(program, folder, log)
    data = folder / "data"

    def attempt(call, number):
        fresh(base, data)
        installation = Installation(program, data, log)
        installation.start()
        watcher = attach(installation.process, call, "signal=KILL", number)
        walk = Walk(authorization)
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
        with recovery(program, data, log, f"kill -9 at {call} number {number}") as again:
            walk.verify()
        return was_killed, again.restarts[0]

    return kill_at_each(calls, attempt, report)
