"""Runs the faults one after the other and writes their section of docs/reliability.md. See scripts/torture."""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

import crowds
import ioerrors
import killpoints
import steps
import storm
from installation import Damaged

# Seconds after which the server must be ready again.
RESTART = 2
root = pathlib.Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--calls", nargs="*", default=killpoints.CALLS, help="system calls to be killed at")
arguments.add_argument("--kills", type=int, default=500)
arguments.add_argument("--cuts", type=int, default=100, help="of the power, on each of two file systems")
arguments.add_argument("--errors", type=int, default=40, help="failures of each kind of call")
arguments.add_argument("--storm", type=int, default=60, help="seconds of the storm")
arguments.add_argument("--berth", type=pathlib.Path, default=root / "bin/berth")
arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/reliability.md")
options = arguments.parse_args()
begin = time.monotonic()


def report(text):
    print(f"{time.monotonic() - begin:6.0f} s  {text}", flush=True)


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip().splitlines()[0]


def document(rows, failures, counts):
    errors = "\n".join(f"| {title} | {count} | {acknowledged} | 0 | 0 |" for title, count, acknowledged in failures)
    table = "\n".join(f"| {fault} | {count} | {acknowledged} | 0 | 0 | {restart:.2f} s |" for fault, count, acknowledged, restart in rows)
    return f"""## Faults

Written by `make torture` (`scripts/torture`), which fails at the first loss. An acknowledged push is lost when its manifest or a blob of it cannot be
pulled afterwards, or has another digest; invariants are those of [storage-layout.md](storage-layout.md#invariants), checked by `berth fsck --read-data`.

| fault | times | acknowledged | lost | invariants broken | longest restart |
|---|---|---|---|---|---|
{table}

**At every system call**: one walk (four pushes in pieces, a tag that moves, deletions of a tag and of an image, a blob that is pushed twice) is run again and
again; the first time, the server is killed when it makes the first call of a kind, then at the second, until a walk comes to its end. The kinds are
{", ".join(f"`{call}`" for call in options.calls)}. What was not acknowledged is there as a whole or not at all. The collector is killed the same way while it takes {steps.GARBAGE} blobs away
({", ".join(f"`{call}`" for call in steps.COLLECTING)}), after which nothing may be left behind, and so is the first start on a data folder of an earlier
format ({", ".join(f"`{call}`" for call in steps.MIGRATING)}).

**A power cut** is the file system's own shutdown without its journal being written (`EXT4_IOC_SHUTDOWN`, on a loop device), under eight clients, one layer
in forty of more than 64 MiB: what was not synced is gone. It does not lose what the device itself was given, as a disk with a lying cache would. The server runs on for some
milliseconds, until it is killed; what it answers then does not count, since a computer without power answers nothing.

**A call that fails**, once, at its first, second, … time (strace), in the same walk, which ends with a stop that writes the whole log into the database. After a refusal the walk is over;
then the server is started on the healthy device, what was acknowledged is pulled, another walk is made, and `berth fsck --read-data` reads everything.

| what fails | times | changes acknowledged before | lost | invariants broken |
|---|---|---|---|---|
{errors}

**The storm**: {storm.CLIENTS} clients push, mount, pull, ask for and delete images of {len(storm.BLOBS)} layers in two repositories for {options.storm} s, with a lease of {storm.LEASE * 1000:.0f} ms. What
is pulled is compared, in the storm and after it; then everything is deleted, so that what is left behind shows. {counts["pushes"]:,} images were pushed, {counts["deletions"]:,} deleted, {counts["pulls"]:,} pulled;
of their layers {counts["uploads"]:,} were uploaded, {counts["mounts"]:,} mounted, {counts["found"]:,} found by HEAD; {counts["late"]:,} pushes came after what they had been promised, and were refused.
{counts["reclaimed"]:,} objects were reclaimed (at least {storm.least(options.storm):,} must be), 0 references dangled, {counts["leaked"]} objects were left behind.

A restart that takes more than {RESTART} s fails the run.

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
    rows = []
    with open(folder / "log", "wb") as log:

        def attempt(title, count, acknowledged, kill, *arguments):
            """A row of the table; `kill` has a folder of its own. It tells of what there were so many, and the longest restart."""
            part = folder / f"{len(rows)}"
            part.mkdir()
            number, restart = kill(options.berth, part, log, *arguments, report)
            rows.append((title, count or number, acknowledged or f"{number:,} pushes", restart))

        attempt("kill -9 at every system call", None, "each step of each walk", killpoints.run, options.calls)
        attempt("kill -9 at every system call of the collector", None, "all of a walk", steps.collecting)
        attempt("kill -9 at every system call of a migration", None, "all of a walk", steps.migrating)
        attempt("kill -9 at random, 8 clients", options.kills, None, crowds.kills, options.kills)
        for kind in ("ext4", "xfs"):
            attempt(f"power cut of {kind}, 8 clients", options.cuts, None, crowds.power_cuts, kind, options.cuts)
        (folder / "errors").mkdir()
        failures = ioerrors.run(options.berth, folder / "errors", log, options.errors, report)
        counts = storm.run(options.berth, folder, log, options.storm, report)
    text = document(rows, failures, counts)
    replace_section(options.output, text)
    print(text)
    slow = [f"{title}: {restart:.2f} s" for title, _, _, restart in rows if restart > RESTART]
    return f"A restart took more than {RESTART} s: {', '.join(slow)}" if slow else 0


(root / ".build").mkdir(exist_ok=True)
with tempfile.TemporaryDirectory(dir=root / ".build") as scratch:
    try:
        sys.exit(main(pathlib.Path(scratch)))
    except Damaged as damage:
        sys.exit(f"{damage}\nThe end of the server's log:\n{(pathlib.Path(scratch) / 'log').read_text(errors='replace')[-2000:]}")
