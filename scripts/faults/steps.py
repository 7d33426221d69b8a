"""kill -9 at every system call of the collector's steps, and of a migration."""
import contextlib
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

import killpoints
from injection import fresh, kill_at_each, recovery, strace
from installation import Damaged, Installation
from walk import Walk

COLLECTING = ["pwrite64", "fdatasync", "fsync", "unlinkat"]
MIGRATING = ["openat", "pwrite64", "fdatasync", "fsync", "ftruncate", "renameat2", "unlink", "unlinkat"]
GARBAGE = 6


def change(data, statements):
    # A connection that is left to be closed some time would take the log away while the folder is copied.
    with contextlib.closing(sqlite3.connect(data / "berth.sqlite")) as database, database:
        database.executescript(statements)


def with_garbage(program, folder, log):
    """A data folder with images, and as many blobs that no image names and no lease holds; the walk that made them."""
    base, authorization = killpoints.prepare(program, folder, log)
    installation = Installation(program, base, log)
    installation.start()
    walk = Walk(authorization)
    walk.walk()
    for _ in range(GARBAGE):
        walk.push_blob(os.urandom(3000))
    walk.blobs = {}
    installation.end()
    change(base, "UPDATE repo_blobs SET lease_until = 0; UPDATE gc_queue SET due_at = 0, lease_until = 0")
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
        with contextlib.closing(sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)) as database:
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
    data = folder / "data"

    def attempt(call, number):
        fresh(base, data)
        installation = Installation([*strace(call, "signal=KILL", number), program], data, log)
        try:
            installation.start()
            was_killed = not wait_for_collection(installation, data)
        except Damaged:
            if installation.is_running:
                raise
            was_killed = True
        end_traced(installation)
        change(data, "UPDATE gc_queue SET lease_until = 0; UPDATE tombstones SET lease_until = 0")
        with recovery(program, data, log, f"kill -9 of the collector at {call} number {number}") as again:
            walk.verify()
            wait_for_collection(again, data)
            with contextlib.closing(sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)) as database:
                if again.objects() != database.execute("SELECT COUNT(*) FROM blobs").fetchone()[0]:
                    raise Damaged("objects are left behind")
        return was_killed, again.restarts[0]

    return kill_at_each(COLLECTING, attempt, report, "collector, ")


def migrating(program, folder, log, report):
    """As `collecting`, of the first start on a data folder of an earlier format: one without the table of holds."""
    base, walk = with_garbage(program, folder, log)
    data = folder / "data"
    change(base, "DROP TABLE holds; DELETE FROM schema_version WHERE version = 90")

    def attempt(call, number):
        fresh(base, data)
        # Checking the folder opens it as the server does, migrates it, and ends.
        check = [*strace(call, "signal=KILL", number), program, "fsck", "--json", "--data", str(data)]
        was_killed = subprocess.run(check, stdout=log, stderr=log).returncode != 0
        with recovery(program, data, log, f"kill -9 of a migration at {call} number {number}") as again:
            walk.verify()
        return was_killed, again.restarts[0]

    return kill_at_each(MIGRATING, attempt, report, "migration, ")
