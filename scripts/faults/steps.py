"""kill -9 at every system call of the collector's steps, and of a migration."""
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

import killpoints
from installation import Damaged, Installation
from walk import Broken, Walk

COLLECTING = ["pwrite64", "fdatasync", "fsync", "unlinkat"]
MIGRATING = ["openat", "pwrite64", "fdatasync", "fsync", "ftruncate", "renameat2", "unlink", "unlinkat"]
GARBAGE = 6


def objects(data):
    return len(list(data.glob("blobs/*/*"))) + len(list(data.glob("uploads/*/*")))


def with_garbage(program, folder, log):
    """A data folder with images, and as many blobs that no image names and no lease holds; the walk that made them."""
    base, authorization = killpoints.prepare(program, folder, log)
    installation = Installation(program, base, log)
    installation.start()
    walk = Walk(authorization)
    walk.walk()
    kept = objects(base)
    for _ in range(GARBAGE):
        content = os.urandom(3000)
        walk.push_blob(content)
    walk.blobs = {}
    installation.end()
    with sqlite3.connect(base / "berth.sqlite") as database:
        database.executescript("UPDATE repo_blobs SET lease_until = 0; UPDATE gc_queue SET due_at = 0, lease_until = 0")
    return base, walk


def end_traced(installation):
    """Kills the server that runs under strace, which ends with it."""
    pid = installation.process.pid
    if installation.is_running:
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
    installation.process.wait()


def wait_for_collection(installation, data):
    """Until nothing is left that no image names; false when the server is gone before."""
    deadline = time.monotonic() + 60
    while installation.is_running and time.monotonic() < deadline:
        with sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True) as database:
            named, due = (database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("blobs", "tombstones"))
            wanted = database.execute("SELECT COUNT(DISTINCT blob_id) FROM manifest_blobs").fetchone()[0]
        if named == wanted and due == 0:
            return True
        # What a killed collector had claimed is free after half a minute.
        time.sleep(0.02)
    if installation.is_running:
        raise Damaged(f"{named - wanted} blobs and {due} objects are never collected")
    return False


def collecting(program, folder, log, report):
    """Returns how often the collector was killed, and the longest restart."""
    base, walk = with_garbage(program, folder, log)
    restarts, total = [], 0
    for call in COLLECTING:
        number = 0
        while True:
            number += 1
            data = folder / "data"
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(base, data, ignore=shutil.ignore_patterns("berth.sock"))
            rule = f"inject={call}:signal=KILL:when={number}"
            installation = Installation(["strace", "-f", "-qq", "-e", f"trace={call}", "-e", rule, "-o", "/dev/null", program], data, log)
            try:
                installation.start()
                was_killed = not wait_for_collection(installation, data)
            except Damaged:
                if installation.is_running:
                    raise
                was_killed = True
            end_traced(installation)
            again = Installation(program, data, log)
            with sqlite3.connect(data / "berth.sqlite") as database:
                database.executescript("UPDATE gc_queue SET lease_until = 0; UPDATE tombstones SET lease_until = 0")
            try:
                again.start()
                walk.verify()
                wait_for_collection(again, data)
                again.end()
                found = again.check()
            except (Damaged, Broken) as error:
                raise Damaged(f"after kill -9 of the collector at {call} number {number}: {error}") from error
            with sqlite3.connect(data / "berth.sqlite") as database:
                if objects(data) != database.execute("SELECT COUNT(*) FROM blobs").fetchone()[0]:
                    raise Damaged(f"after kill -9 of the collector at {call} number {number}: objects are left behind: {found}")
            restarts += again.restarts
            if not was_killed:
                break
        report(f"collector, {call}: killed at each of {number - 1} calls, nothing lost, nothing left behind")
        total += number - 1
    return total, max(restarts)


def migrating(program, folder, log, report):
    """As `collecting`, of the first start on a data folder of an earlier format: one without the table of holds."""
    base, walk = with_garbage(program, folder, log)
    with sqlite3.connect(base / "berth.sqlite") as database:
        database.executescript("DROP TABLE holds; DELETE FROM schema_version WHERE version = 90")
    restarts, total = [], 0
    for call in MIGRATING:
        number = 0
        while True:
            number += 1
            data = folder / "data"
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(base, data, ignore=shutil.ignore_patterns("berth.sock"))
            rule = f"inject={call}:signal=KILL:when={number}"
            # Checking the folder opens it as the server does, migrates it, and ends.
            command = ["strace", "-f", "-qq", "-e", f"trace={call}", "-e", rule, "-o", "/dev/null", program, "fsck", "--json", "--data", str(data)]
            first = subprocess.run(command, stdout=log, stderr=log)
            again = Installation(program, data, log)
            try:
                again.start()
                walk.verify()
                again.end()
                again.check()
            except (Damaged, Broken) as error:
                raise Damaged(f"after kill -9 of a migration at {call} number {number}: {error}") from error
            restarts += again.restarts
            if first.returncode == 0:
                break
        report(f"migration, {call}: killed at each of {number - 1} calls, nothing lost")
        total += number - 1
    return total, max(restarts)
