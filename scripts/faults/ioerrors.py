"""Calls that fail as on a bad or full device, one at a time: nothing is acknowledged that is not there afterwards, and all is well again."""
import signal

import killpoints
from injection import attach, fresh, recovery
from installation import Installation
from walk import Broken, Walk

# What fails, where (None: any file), by which error.
DATABASE, WAL = "berth.sqlite", "berth.sqlite-wal"
FAULTS = [
    ("a write to the log of the database", "pwrite64", WAL, "EIO"),
    ("a full device, in the log of the database", "pwrite64", WAL, "ENOSPC"),
    ("a sync of the log of the database", "fdatasync", WAL, "EIO"),
    ("a write of a checkpoint", "pwrite64", DATABASE, "EIO"),
    ("a full device, in a checkpoint", "pwrite64", DATABASE, "ENOSPC"),
    ("a sync of a checkpoint", "fdatasync", DATABASE, "EIO"),
    ("any write", "pwrite64", None, "EIO"),
    ("a full device, in any write", "pwrite64", None, "ENOSPC"),
    ("any sync of data", "fdatasync", None, "EIO"),
    ("any sync of a folder", "fsync", None, "EIO"),
    ("any read", "pread64", None, "EIO"),
    ("any renaming", "renameat2", None, "EIO"),
    ("any cutting off", "ftruncate", None, "EIO"),
]


class Tolerant(Walk):
    """Takes it that the server refuses for a fault of its own: 500, 503 or 507. What it did then is unknown, as when it goes away."""

    def call(self, method, path, body=None, expect=(200,), **headers):
        answer, data = super().call(method, path, body, (*expect, 500, 503, 507), **headers)
        if answer.status >= 500:
            raise Broken(f"{answer.status} {data[:200]}")
        return answer, data


def fail(program, base, authorization, folder, log, fault, number):
    """One walk with one failure; whether there was one, and how many changes were acknowledged."""
    title, call, name, error = fault
    data, trace = folder / "data", folder / "trace"
    fresh(base, data)
    installation = Installation(program, data, log)
    installation.start()
    watcher = attach(installation.process, call, f"error={error}", number, path=name and data / name, trace=trace)
    walk = Tolerant(authorization)
    try:
        walk.walk()
        for blob in walk.blobs:
            walk.verify_blob(blob)
    except Broken:
        pass
    # Closing the database writes all of its log into it.
    installation.end(signal.SIGTERM)
    watcher.wait()
    with recovery(program, data, log, f"{error} for {call} number {number} ({title})"):
        strict = Walk(authorization)
        strict.__dict__.update(walk.__dict__)
        strict.verify()
        # With the device well again, everything goes as ever.
        Walk(authorization).walk()
    return "INJECTED" in trace.read_text(errors="replace"), walk.acknowledged


def run(program, folder, log, most, report):
    """For each fault its title, how often it was injected, and how many changes were acknowledged all the same."""
    base, authorization = killpoints.prepare(program, folder, log)
    rows = []
    for fault in FAULTS:
        count = acknowledged = 0
        for number in range(1, most + 1):
            injected, done = fail(program, base, authorization, folder, log, fault, number)
            acknowledged += done
            if not injected:
                break
            count += 1
        report(f"{fault[0]} ({fault[3]}): {count} failures, {acknowledged} changes acknowledged, nothing lost")
        rows.append((fault[0], count, acknowledged))
    return rows
