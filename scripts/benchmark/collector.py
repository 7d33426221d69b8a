"""What the collector costs those who push and pull, and how 64 pushes share the syncs of the database. See scripts/bench."""
import argparse
import multiprocessing
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import images
import registry
import report
import servers

root = pathlib.Path(__file__).resolve().parent.parent.parent
MOST = 1.2


def fill(url, headers, count, number):
    """Pushes `count` blobs of 1,000 bytes that no image names."""
    client = images.Client(url, headers)
    for _ in range(count):
        content = os.urandom(1000)
        client.put_blob(client.upload(registry.digest(content), len(content)), [content])


def make_folder(binary, folder, garbage):
    """A data folder with so many blobs that no image names, and an image."""
    server = servers.start_berth(binary, folder)
    try:
        registry.ecr(server.url).create_repository(repositoryName="bench")
        headers, url = [registry.token_header(server.url)], server.url + "/v2/bench"
        workers = [multiprocessing.Process(target=fill, args=(url, headers, garbage // 4, number)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0
        layer = os.urandom(1_000_000)
        for blob in (images.CONFIG, layer):
            registry.put_blob(url, headers, blob)
        registry.put_manifest(url, headers, images.CONFIG, layer)
    finally:
        server.stop()
    return [registry.digest(images.CONFIG), registry.digest(layer)]


def end_leases(data):
    """As if a day had gone by: the collector has all of the garbage before it."""
    with sqlite3.connect(data / "berth.sqlite") as database:
        # What has waited for long is collected faster.
        database.executescript(f"UPDATE repo_blobs SET lease_until = 0; UPDATE gc_queue SET due_at = {time.time() * 1000:.0f}, lease_until = 0")


def blobs(data):
    with sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True) as database:
        return database.execute("SELECT COUNT(*) FROM blobs").fetchone()[0]


def pull_p99(url, headers, clients, seconds, script, digests):
    """In milliseconds, of the requests of pulls: manifest, config and layer."""
    paths = [f"{url}/{part}" for part in ("manifests/m", *(f"blobs/{digest}" for digest in digests))]
    targets = ", ".join(f"'{path}'" for path in paths)
    script.write_text(f"local paths = {{{targets}}}\nlocal next = 0\nrequest = function() next = next + 1; return wrk.format('GET', paths[next % #paths + 1]) end\n")
    options = [part for header in [*headers, f"Accept: {registry.MANIFEST_TYPE}"] for part in ("-H", header)]
    command = ["wrk", "--latency", "-t2", f"-c{clients}", f"-d{seconds}s", "-s", str(script), *options, url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output or re.search(r"^ *0 requests", output, re.M):
        raise SystemExit(f"errors under load\n{output}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure(options, folder, digests, isCollecting):
    """The 99th percentiles of pushes and of the requests of pulls, in milliseconds, and how many blobs were reclaimed meanwhile."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "made", copy)
    data = copy / "berth"
    if isCollecting:
        end_leases(data)
    server = servers.start_berth(options.berth, copy)
    try:
        headers, url = [registry.token_header(server.url)], server.url + "/v2/bench"
        before = blobs(data)
        _, push_late, pushed = images.images_per_second(images.pushes, (url, headers, 100_000), options.clients, options.seconds)
        pull_late = pull_p99(url, headers, options.clients, options.seconds, folder / "pull.lua", digests)
        reclaimed = before + pushed - blobs(data)
        if isCollecting and blobs(data) < 100:
            raise SystemExit("the collector was done before the end: take more --garbage")
        return push_late * 1000, pull_late, max(0, reclaimed)
    finally:
        server.stop()


def syncs(options, folder, clients):
    """Pushes of 4 KB, and the syncs of the database that they took."""
    part = folder / f"syncs-{clients}"
    part.mkdir()
    log = part / "strace"
    wrapper = part / "traced"
    wrapper.write_text(f"#!/bin/sh\nexec strace -f --seccomp-bpf -y -qq -e trace=fdatasync,fsync -o {log} {options.berth} \"$@\"\n")
    wrapper.chmod(0o755)
    server = servers.start_berth(str(wrapper), part)
    try:
        registry.ecr(server.url).create_repository(repositoryName="bench")
        headers, url = [registry.token_header(server.url)], server.url + "/v2/bench"
        registry.put_blob(url, headers, images.CONFIG)
        time.sleep(1.5)
        before = log.read_text().count("berth.sqlite-wal")
        _, _, pushes = images.images_per_second(images.pushes, (url, headers, 4096), clients, options.seconds)
        return pushes, log.read_text().count("berth.sqlite-wal") - before
    finally:
        subprocess.run(["pkill", "-TERM", "-P", str(server.process.pid)])
        server.process.wait(40)


def section(options, rounds, shared):
    off, on = ([statistics.median(column) for column in zip(*rounds[key])] for key in (False, True))
    rows = [("push of 100 KB", off[0], on[0]), ("request of a pull (manifest, config, 1 MB layer)", off[1], on[1])]
    lines = "\n".join(
        f"| {title} | {without:.1f} | {with_it:.1f} | {with_it / without:.2f} × | {'reached' if with_it / without <= MOST else '**above**'} |"
        for title, without, with_it in rows)
    (alone, alone_syncs), (many, many_syncs) = shared
    text = f"""## Beside the collector

99th percentiles with {options.clients} clients, in milliseconds, medians of {options.rounds} rounds, on the same data folder with {options.garbage:,} blobs that no image
names: while their leases hold, and when all of them are due. At most {MOST} × is the aim. The collector took away {on[2]:,.0f} blobs meanwhile.

| | nothing to collect | collecting | | |
|---|---|---|---|---|
{lines}

**Group commit**: a push of 4 KB by one client takes {alone_syncs / alone:.1f} syncs of the database; of 64 clients at once {many_syncs / many:.2f} each
({many:,.0f} pushes, {many_syncs:,} syncs).
"""
    return text, [title for title, without, with_it in rows if with_it / without > MOST]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=8, help="of each load")
    arguments.add_argument("--clients", type=int, default=8)
    arguments.add_argument("--garbage", type=int, default=20_000, help="blobs to be collected")
    arguments.add_argument("--berth", default=str(root / "bin/berth"))
    arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/benchmarks.md")
    options = arguments.parse_args()
    for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    (root / ".build" / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / ".build" / "bench") as name:
        folder = pathlib.Path(name)
        (folder / "made").mkdir()
        digests = make_folder(options.berth, folder / "made", options.garbage)
        rounds = {False: [], True: []}
        for number in range(options.rounds):
            # Turn about, so that what else the machine does falls on both.
            for isCollecting in (False, True) if number % 2 == 0 else (True, False):
                found = measure(options, folder, digests, isCollecting)
                rounds[isCollecting].append(found)
                print(f"{number + 1}: collecting {isCollecting!s:5} push {found[0]:6.1f} ms, pull {found[1]:6.1f} ms, {found[2]:6.0f} reclaimed", flush=True)
        shared = [syncs(options, folder, clients) for clients in (1, 64)]
    text, missed = section(options, rounds, shared)
    print(text)
    report.replace_section(options.output, text)
    return f"above {MOST} times: {', '.join(missed)}" if missed else 0


if __name__ == "__main__":
    sys.exit(main())
