"""Calls that fail as on a bad or full device, one at a time: nothing is acknowledged that is not there afterwards, and all is well again."""
import math
import signal

import killpoints
from injection import Faults, fresh, recovery
from installation import Damaged, Installation
from walk import Broken, Walk

# What fails, where (the end of the path; empty: any file), by which error.
DATABASE, WAL = "/berth.sqlite", "/berth.sqlite-wal"
FAULTS = [
    ("a write to the log of the database", "pwrite64", WAL, "EIO"),
    ("a full device, in the log of the database", "pwrite64", WAL, "ENOSPC"),
    ("a sync of the log of the database", "fdatasync", WAL, "EIO"),
    ("a write of a checkpoint", "pwrite64", DATABASE, "EIO"),
    ("a full device, in a checkpoint", "pwrite64", DATABASE, "ENOSPC"),
    ("a sync of a checkpoint", "fdatasync", DATABASE, "EIO"),
    ("any write", "pwrite64", "", "EIO"),
    ("a full device, in any write", "pwrite64", "", "ENOSPC"),
    ("any sync of data", "fdatasync", "", "EIO"),
    ("any sync of a folder", "fsync", "", "EIO"),
    ("any read", "pread64", "", "EIO"),
    ("any read of what is in memory", "preadv2", "", "EIO"),
    ("any opening", "openat", "", "EMFILE"),
    ("a full device, in any opening", "openat", "", "ENOSPC"),
    ("any answer", "writev", "", "EIO"),
    ("any renaming", "renameat2", "", "EIO"),
    ("any cutting off", "ftruncate", "", "EIO"),
    ("any removal", "unlinkat", "", "EIO"),
]

NEVER = 1 << 40


class Tolerant(Walk):
    """Takes it that the server refuses for a fault of its own: 500, 503 or 507. What it did then is unknown, as when it goes away."""

    def call(self, method, path, body=None, expect=(200,), **headers):
        answer, data = super().call(method, path, body, (*expect, 500, 503, 507), **headers)
        if answer.status >= 500:
            raise Broken(f"{answer.status} {data[:200]}")
        return answer, data


def fail(program, base, authorization, folder, log, faults, fault, number):
    """One walk with one failure; whether there was one, and how many changes were acknowledged."""
    title, call, path, error = fault
    data = folder / "data"
    fresh(base, data)
    faults.reset()
    walk = Tolerant(authorization)
    with Installation(program, data, log, faults=faults) as installation:
        installation.start()
        faults.arm(call, number, error, path)
        try:
            walk.walk()
            for blob in walk.blobs:
                walk.verify_blob(blob)
        except Broken:
            pass
        if not installation.is_running:
            raise Damaged(f"{error} for {call} number {number} ({title}) ended the server")
        # Closing the database writes all of its log into it.
        installation.end(signal.SIGTERM)
    with recovery(program, data, log, f"{error} for {call} number {number} ({title})"):
        strict = Walk(authorization)
        strict.__dict__.update(walk.__dict__)
        strict.verify()
        # With the device well again, everything goes as ever.
        Walk(authorization).walk()
    return faults.fired, walk.acknowledged


def run(program, folder, log, faults, most, report):
    """For each fault its title, how often it was injected, and how many changes were acknowledged all the same."""
    base, authorization = killpoints.prepare(program, folder, log)
    control, rows = Faults(folder), []
    for fault in faults:
        count = acknowledged = 0
        # The first walk is spared, and tells how many there are.
        fail(program, base, authorization, folder, log, control, fault, NEVER)
        seen = control.seen
        step = max(1, math.ceil(seen / most))
        for number in range((step + 1) // 2, seen + 1, step):
            injected, done = fail(program, base, authorization, folder, log, control, fault, number)
            acknowledged += done
            count += injected
        if not count:
            raise Damaged(f"{fault[0]} ({fault[3]}) never came about")
        report(f"{fault[0]} ({fault[3]}): {count} failures, {acknowledged} changes acknowledged, nothing lost")
        rows.append((fault[0], count, acknowledged))
    return rows
