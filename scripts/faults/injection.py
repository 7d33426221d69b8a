"""One system call of a server, chosen by its number, kills it or fails (strace); after a new start all must be well."""
import contextlib
import os
import shutil
import subprocess

from installation import Damaged, Installation
from walk import Broken


def fresh(base, data):
    """Makes `data` a copy of the data folder `base`; what was there is gone."""
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(base, data, ignore=shutil.ignore_patterns("berth.sock"))


def strace(call, action, number, path=None, trace=os.devnull):
    """What to put before a command so that its `number`th `call`, of any file or of `path`, meets `action`; `trace` tells of it."""
    where = ["-P", str(path)] if path else []
    return ["strace", "-f", *where, "-e", f"trace={call}", "-e", f"inject={call}:{action}:when={number}", "-o", str(trace)]


def attach(process, *injection, **options):
    """As `strace`, of a process that runs and its calls from now on; returns when they are watched."""
    watcher = subprocess.Popen([*strace(*injection, **options), "-p", str(process.pid)], stderr=subprocess.PIPE, text=True)
    for line in watcher.stderr:
        if "attached" in line:
            return watcher
    raise SystemExit("strace cannot attach; are other tracers at work?")


@contextlib.contextmanager
def recovery(program, data, log, occasion):
    """A server that starts on what `occasion` left; berth fsck reads all after the block. Raises `Damaged`, which names the occasion."""
    server = Installation(program, data, log)
    try:
        server.start()
        yield server
        server.end()
        server.check()
    except (Damaged, Broken) as error:
        raise Damaged(f"after {occasion}: {error}") from error
    finally:
        server.end()


def kill_at_each(calls, attempt, report, title=""):
    """`attempt(call, number)` for the first call of a kind, the second, …, until it says that nothing was killed any more; it returns
    that, and how long the restart took. Returns how often something was killed, and the longest restart."""
    restarts, total = [], 0
    for call in calls:
        number, was_killed = 0, True
        while was_killed:
            number += 1
            was_killed, restart = attempt(call, number)
            restarts.append(restart)
        report(f"{title}{call}: killed at each of {number - 1} calls, nothing lost")
        total += number - 1
    return total, max(restarts)
