"""The table of a run, as docs/benchmarks.md has it."""
import pathlib
import platform
import statistics
import subprocess
from datetime import datetime, timezone


class Row:
    """What was measured, in `unit`, with the floor and the goal of the share of `mine`, one of the two ways to run Berth, of `peer`."""

    def __init__(self, title, unit, peer=None, floor=None, goal=None, digits=0, mine="berth"):
        self.title, self.unit, self.peer, self.floor, self.goal, self.digits, self.mine = title, unit, peer, floor, goal, digits, mine
        self.values = {}

    def add(self, server, value):
        self.values.setdefault(server, []).append(value)

    def median(self, server):
        return statistics.median(self.values[server]) if server in self.values else None

    def ratio(self, peer):
        mine, theirs = self.median(self.mine), self.median(peer)
        return mine / theirs if mine and theirs else None

    @property
    def reached(self):
        return self.floor is None or self.ratio(self.peer) >= self.floor


# In microseconds.
DECISION_LIMIT = 60
# In MiB, by the way to run Berth.
MEMORY_LIMITS = {"berth": 150, "berth, plain": 120}
# In milliseconds.
RANGE_LIMIT = 2
SERVERS = ["berth", "berth, plain", "docker-registry", "nginx", "moto"]


def table(rows):
    lines = [
        "| | berth | berth, plain | docker-registry | nginx | moto | berth's share | floor | goal | |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = ["" if row.median(server) is None else f"{row.median(server):,.{row.digits}f}" for server in SERVERS]
        share = f"{'plain: ' if row.mine != 'berth' else ''}{row.ratio(row.peer):.2f} × {row.peer}" if row.peer else ""
        floor, goal = (f"{value:g}" if value else "" for value in (row.floor, row.goal))
        verdict = "" if row.floor is None else ("goal" if row.ratio(row.peer) >= row.goal else "floor" if row.reached else "**below**")
        lines.append(f"| {row.title}, {row.unit} | " + " | ".join([*cells, share, floor, goal, verdict]) + " |")
    return "\n".join(lines)


def first_line(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    return (result.stdout + result.stderr).strip().splitlines()[0]


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    cores = sum(line.startswith("processor") for line in open("/proc/cpuinfo"))
    memory = int(open("/proc/meminfo").readline().split()[1]) / 1024**2
    system = next(line.split('"')[1] for line in open("/etc/os-release") if line.startswith("PRETTY_NAME"))
    return f"{cores} cores of {cpu}, {memory:.0f} GiB of memory, {system}, Linux {platform.release().split('-')[0]}"


def versions(berth):
    package = lambda name: first_line("dpkg-query", "--show", "--showformat=${Version}", name)  # noqa: E731
    moto = next(line.split("==")[1] for line in open("scripts/benchmark/requirements.txt") if line.startswith("moto"))
    commit = first_line("git", "describe", "--always", "--dirty")
    return (
        f"{first_line(berth, 'version')} ({commit}), docker-registry {package('docker-registry')}, "
        f"nginx {package('nginx')}, moto {moto.strip()}, wrk {package('wrk')}"
    )


def decisions(one, many):
    """What a signature check with a decision costs, by the figures of `measure.decision_cost` for one user and for 10,000."""
    verdict = "reached" if many["together"] <= DECISION_LIMIT else "**missed**"
    return (
        f"CPU of a signature check and a decision over 20 statements: **{many['together']:.0f} µs** with 10,000 users and 10,000 policies "
        f"(to stay within\n{DECISION_LIMIT} µs: {verdict}), {one['together']:.0f} µs with one user; "
        f"the decision alone {many['authorization, 20 statements']:.0f} and {one['authorization, 20 statements']:.0f} µs."
    )


def starts_alike(starts):
    """Whether many users and policies change the start, by the seconds for so many of each: what is read at a start is not they."""
    few, many = starts[1], starts[10_000]
    return many <= few * 1.25 + 0.02


def start_times(starts):
    verdict = "reached" if starts_alike(starts) else "**missed**"
    return (
        f"From the start of the program to the first 200 of `/readyz`: **{starts[10_000]:.2f} s** with 10,000 users, keys and policies, "
        f"{starts[1]:.2f} s with one of each\n(to stay the same: {verdict})."
    )


def peaks(memory):
    """The sentence about `measure.memory_under_pulls`, by the way to run Berth."""
    parts = []
    for name, (peak, speed) in memory.items():
        verdict = "reached" if peak < MEMORY_LIMITS[name] else "**missed**"
        parts.append(f"{name}, **{peak:.0f} MiB** (to stay under {MEMORY_LIMITS[name]} MiB: {verdict}) at {speed:,.0f} MB/s together")
    return "; ".join(parts)


def write(path, rows, memory, one_byte, rounds, berth, costs, starts):
    """Writes the document; returns the table."""
    limit = "reached" if one_byte <= RANGE_LIMIT else "**missed**"
    text = f"""# Benchmarks

Written by `make bench` (`scripts/bench`): all servers in one run on one machine, in interleaved rounds, over plain HTTP on loopback,
clients and servers sharing the cores. Each figure is the median of {rounds} rounds; read the ratios, the absolute figures move with the machine.
Berth authenticates and logs every request and hashes and syncs what is pushed, as it always does; the peers run without authentication
and access log, moto in memory.

{table(rows)}

"berth, plain" runs with `--encryption off`, for volumes that are encrypted already; else everything is encrypted at rest, as it is by default.

Memory of Berth at its peak under 64 concurrent pulls of 1 GiB, whose clients first do not read and then all do:
{peaks(memory)}.

One byte from the middle of an encrypted blob of 10 GiB: **{one_byte:.2f} ms** from request to answer (to stay within {RANGE_LIMIT} ms: {limit}).

{decisions(*costs)}

{start_times(starts)}

"Discarding" is a client that lets the kernel throw the bytes away, so that the server is the limit; with curl the client is. Requests per second are
those of `wrk -t2 -c64`. A push is POST, PATCH and PUT of new random bytes with curl. DescribeRepositories names one repository and is signed.

- Machine: {machine()}
- Date: {datetime.now(timezone.utc):%Y-%m-%d}
- Versions: {versions(berth)}
"""
    document = pathlib.Path(path)
    sections = document.read_text().partition("\n## ")[2] if document.exists() else ""
    document.write_text(text + (f"\n## {sections}" if sections else ""))
    return text


def replace_section(path, text):
    """Puts `text`, which begins with a heading, in the place of the section whose heading has the same first word, or at the document's end."""
    document = pathlib.Path(path)
    sections = document.read_text().split("\n## ")
    new = text.removeprefix("## ")
    place = next((number for number, section in enumerate(sections) if section.split()[0] == new.split()[0]), len(sections))
    sections[place : place + 1] = [new]
    document.write_text("\n## ".join(sections))
