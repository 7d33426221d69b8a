"""Runs the faults one after the other and writes their section of docs/reliability.md, or with --short a few of each, which writes nothing. See
scripts/torture."""
import argparse
import math
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import copies
import crowds
import injection
import ioerrors
import killpoints
import steps
import storm
import tiers
from installation import Damaged, Installation

root = pathlib.Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--calls", nargs="*", default=injection.CALLS, help="system calls to be killed at")
arguments.add_argument("--points", type=int, default=math.inf, help="at most so many calls of each kind, spread over all")
arguments.add_argument("--kills", type=int, default=300, help="at random, and half as many with --encryption off")
arguments.add_argument("--cuts", type=int, default=100, help="of the power, on each of two file systems, and half as many with --encryption off")
arguments.add_argument("--errors", type=int, default=40, help="failures of each kind of call")
arguments.add_argument("--storm", type=int, default=60, help="seconds of the storm")
arguments.add_argument("--short", action="store_true", help="a few of each, one failure of each kind of call, 3 s of the storm")
arguments.add_argument("--restart", type=float, default=2, help="seconds after which the server must be ready again")
arguments.add_argument("--port", type=int, default=Installation.port)
arguments.add_argument("--berth", type=pathlib.Path, default=root / "bin/berth")
arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/reliability.md")
options = arguments.parse_args()
begin = time.monotonic()
if options.short:
    options.points, options.kills, options.cuts, options.errors, options.storm = 1, 10, 3, 1, 3


def report(text):
    print(f"{time.monotonic() - begin:6.0f} s  {text}", flush=True)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]


def listed(counts):
    """The kinds of calls, and at how many of each something was killed."""
    return ", ".join(f"`{call}` ({count:,})" for call, count in counts.items() if count)


def document(rows, failures, counts, points):
    errors = "\n".join(f"| {title} | {count} | {acknowledged} | 0 | 0 |" for title, count, acknowledged in failures)
    table = "\n".join(f"| {fault} | {count} | {acknowledged} | 0 | 0 | {restart:.2f} s |" for fault, count, acknowledged, restart in rows)
    walk, plain, large, tiers, collector, migration, key, backup, restore = (listed(each) for each in points)
    return f"""## Faults

Written by `make torture` (`scripts/torture`), which fails at the first loss. An acknowledged push is lost when its manifest or a blob of it cannot be
pulled afterwards, or has another digest; a deletion, when what it deleted can. Invariants are those of
[storage-layout.md](storage-layout.md#invariants), checked by `berth fsck --read-data`.

| fault | times | acknowledged | lost | invariants broken | longest restart |
|---|---|---|---|---|---|
{table}

**At every system call**: one walk is run again and again; the first time, the server is killed before it makes the first call of a kind, then the second,
until a walk comes to its end. A preloaded library (`scripts/faults/faults.c`) counts the calls of all threads together and kills; three walks that are not
killed tell how many there are at the least, and each of these must be met, unless five walks more come to their end without it. The walk pushes five images and one of them twice: blobs in one request, in one
`PUT` after the `POST`, in `PATCH`es with the last piece in the `PUT` or with an empty one, and mounted from another repository; it moves a tag, deletes a tag
and an image, and waits for the reaper. What was not acknowledged is there as a whole or not at all, and what was deleted does not come back. Killed at: {walk}; with
`--encryption off` at {plain}.

A second walk pushes a layer of 64 MiB and some more, which is written back while it comes and then past the page cache; it is killed at up to
{killpoints.SPREAD} calls of each kind, spread over all: {large}.

In the same way, at every call, the server is killed while
- **an image goes to the archive and comes back** ({tiers}), after which it is where it was acknowledged to be or on its way, and comes back whole;
- **the collector** takes {steps.GARBAGE} blobs away ({collector}), after which nothing may be left behind;
- **a data folder of an earlier format** is brought up to date: sixteen migrations, the tables of the archive, of lifecycle policies, of encryption and of its
  keys among them ({migration});
- **a repository gets another key** by `berth keys reencrypt` ({key}), which is given again to the running server, and then comes to its end; nothing else
  may be left behind.

And at up to {killpoints.SPREAD} calls of each kind, spread over all, while
- **a backup** is brought up to date ({backup}): what can be restored of it then is the earlier state or the later one, whole, and after another backup the newest;
- **a backup is restored** ({restore}), which is given again, and then comes to its end.

**At random, and power cuts**: eight clients push in all of these ways, one layer in forty of more than 64 MiB, move tags, delete tags and images, and mount
from one repository into another; the lease is {crowds.LEASE} s, so that the collector has work. A change that was answered holds, and one that was not has
happened or has not. A power cut is the file system's own shutdown without its journal being written (`EXT4_IOC_SHUTDOWN`, on a loop device): what was not
synced is gone. It does not lose what the device itself was given, as a disk with a lying cache would. The server runs on for some milliseconds, until it is
killed; what it answers then does not count, since a computer without power answers nothing.

**A call that fails**, once (the same library), in the first walk, which ends with a stop that writes the whole log into the database: up to {options.errors} of
all calls of the kind that such a walk makes, spread over all. After a refusal the walk is over; then the server is started on the healthy device, what was acknowledged is pulled, another walk is
made, and `berth fsck --read-data` reads everything.

| what fails | times | changes acknowledged before | lost | invariants broken |
|---|---|---|---|---|
{errors}

**The storm**: {storm.CLIENTS} clients push, mount, pull, ask for and delete images of {len(storm.BLOBS)} layers in two repositories for {options.storm} s,
with a lease of {storm.LEASE * 1000:.0f} ms. What is pulled is compared, in the storm and after it; then everything is deleted, so that what is left behind
shows. {counts["pushes"]:,} images were pushed, {counts["deletions"]:,} deleted, {counts["pulls"]:,} pulled; of their layers {counts["uploads"]:,} were
uploaded, {counts["mounts"]:,} mounted, {counts["found"]:,} found by HEAD; {counts["late"]:,} pushes came after what they had been promised, and were refused.
{counts["reclaimed"]:,} objects were reclaimed (at least {storm.least(options.storm):,} must be), 0 references dangled, {counts["leaked"]} objects were left
behind.

A restart that takes more than {options.restart:g} s fails the run.

- Time: {time.monotonic() - begin:,.0f} s, {time.strftime("%Y-%m-%d", time.gmtime())}
- Version: {first_line(options.berth, "version")} ({first_line("git", "describe", "--always", "--dirty")})
"""


def replace_section(path, text):
    """Puts `text` in the place of the section of its heading."""
    sections = path.read_text().split("\n## ")
    name = text.removeprefix("## ").split("\n")[0]
    kept = [text.removeprefix("## ") if section.split("\n")[0] == name else section for section in sections]
    path.write_text("\n## ".join(kept))


def main(folder):
    injection.Faults.library, Installation.port = injection.build(folder), options.port
    rows, points = [], []
    with open(folder / "log", "wb") as log:

        def place():
            part = folder / f"part-{time.monotonic_ns()}"
            part.mkdir()
            return part

        def killed(title, acknowledged, kill, calls, fewer=None):
            """A row of the table; `kill` tells how often it killed at each kind of `calls`, or of `fewer` in the short form, and the longest restart."""
            chosen = [call for call in (options.short and fewer or calls) if call in options.calls]
            counts, restart = kill(options.berth, place(), log, chosen, options.points, report)
            points.append(counts)
            rows.append((title, sum(counts.values()), acknowledged, restart))

        def crowd(title, count, run, *arguments):
            """The same of clients, who are told how many changes were acknowledged."""
            number, restart = run(options.berth, place(), log, *arguments, count, report)
            rows.append((title, count, f"{number:,} changes", restart))

        each = "each step of each walk"
        killed("kill -9 at every system call", each, killpoints.run, killpoints.CALLS)
        killed("kill -9 at every system call, nothing encrypted", each, killpoints.run_plain, killpoints.CALLS, ["fdatasync", "renameat2"])
        killed("kill -9 at calls of a large push", each, killpoints.run_large, killpoints.LARGE, ["pwrite64", "sync_file_range"])
        killed("kill -9 at every system call of the archive", each, tiers.run, tiers.CALLS, ["fdatasync", "renameat2", "unlinkat"])
        killed("kill -9 at every system call of the collector", "all of a walk", steps.collecting, steps.COLLECTING, ["pwrite64", "fsync", "unlinkat"])
        killed("kill -9 at every system call of sixteen migrations", "all of a walk", steps.migrating, steps.MIGRATING, ["pwrite64", "fsync", "renameat2"])
        fewer = ["pwrite64", "fdatasync", "renameat2"]
        killed("kill -9 at every system call of another key's coming", "all of a walk", steps.reencrypting, steps.REENCRYPTING, fewer)
        backed_up = "all of a walk, and of one before it"
        killed("kill -9 at calls of a backup", backed_up, copies.backing_up, copies.CALLS, ["fdatasync", "renameat2"])
        killed("kill -9 at calls of a restore", "all of a walk", copies.restoring, copies.CALLS, ["fdatasync", "renameat2"])
        modes = [("", [], 1), (", nothing encrypted", killpoints.PLAIN, 2)]
        for suffix, mode, part in modes[: 1 if options.short else 2]:
            crowd(f"kill -9 at random, 8 clients{suffix}", options.kills // part, crowds.kills, mode)
        if missing := crowds.missing():
            report(f"SKIPPED: no power is cut, since there are no loop devices: {missing}")
        else:
            for kind in ("ext4", "xfs"):
                for suffix, mode, part in modes[: 1 if options.short else 2]:
                    crowd(f"power cut of {kind}, 8 clients{suffix}", options.cuts // part, crowds.power_cuts, mode, kind)
        # One of each kind of call, of any file.
        faults = {fault[1]: fault for fault in ioerrors.FAULTS}.values() if options.short else ioerrors.FAULTS
        failures = ioerrors.run(options.berth, place(), log, faults, options.errors, report)
        counts = storm.run(options.berth, place(), log, options.storm, report, not options.short)
    if options.short:
        for title, count, acknowledged, restart in rows:
            report(f"{title}: {count} times, {acknowledged} acknowledged, nothing lost, longest restart {restart:.2f} s")
    else:
        text = document(rows, failures, counts, points)
        replace_section(options.output, text)
        print(text)
    slow = [f"{title}: {restart:.2f} s" for title, _, _, restart in rows if restart > options.restart]
    if slow:
        return f"A restart took more than {options.restart:g} s: {', '.join(slow)}"
    if options.short:
        print("Short form: nothing was lost.")
    return 0


# What is mounted is in a namespace of its own, so that nobody else's keeps a copy of it.
if os.environ.get("FAULTS_NAMESPACE") is None:
    os.environ["FAULTS_NAMESPACE"] = "own"
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
(root / ".build").mkdir(exist_ok=True)
with tempfile.TemporaryDirectory(dir=root / ".build") as scratch:
    try:
        sys.exit(main(pathlib.Path(scratch)))
    except Damaged as damage:
        sys.exit(f"{damage}\nThe end of the server's log:\n{(pathlib.Path(scratch) / 'log').read_text(errors='replace')[-2000:]}")
