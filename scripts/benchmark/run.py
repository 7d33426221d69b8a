"""The run: starts the servers, fills them, measures in interleaved rounds, writes docs/benchmarks.md. See scripts/bench."""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time

import boto3
import identities
import measure
import registry
import report
import servers

# Of the big file in a round and in each way: one alone depends much on where the scheduler puts the two processes.
PULLS = 3

root = pathlib.Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--seconds", type=int, default=3, help="of each load with wrk")
arguments.add_argument("--berth", default=str(root / "bin/berth"))
arguments.add_argument("--output", default=str(root / "docs/benchmarks.md"))
options = arguments.parse_args()
# Nothing of the user's own set-up may reach the clients.
for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]

PLAIN = "berth, plain"
# The ways to run Berth; the first is how it comes.
WAYS = {"berth": [], PLAIN: ["--encryption", "off"]}
rows = {
    "curl": report.Row("Pull of 1 GiB, curl", "MB/s", "nginx", 1.3, 1.7, mine=PLAIN),
    "curl encrypted": report.Row("Pull of 1 GiB, curl, encrypted", "MB/s", "nginx", 0.85, 1),
    "discard": report.Row("Pull of 1 GiB, discarding", "MB/s", "nginx", mine=PLAIN),
    "cpu": report.Row("CPU of the server for both", "s/GiB", "nginx", digits=2, mine=PLAIN),
    "blob": report.Row("4 KiB blob", "requests/s", "docker-registry", 12, 25),
    "static": report.Row("4 KiB blob against a static file", "requests/s", "nginx", 0.25, 0.5),
    "blob encrypted": report.Row("4 KiB blob against one that is not encrypted", "requests/s", PLAIN, 0.9, 1),
    "manifest": report.Row("Manifest by tag", "requests/s", "docker-registry", 6, 12),
    "push": report.Row("Push of 1 GiB", "MB/s", "docker-registry", 1.5, 2, mine=PLAIN),
    "push encrypted": report.Row("Push of 1 GiB, encrypted", "MB/s", "docker-registry", 1.3, 1.5),
    "push cpu": report.Row("CPU of the server for it", "s/GiB", "docker-registry", digits=2),
    "describe": report.Row("DescribeRepositories", "requests/s", "moto", 15, 25),
}


def make_files(folder):
    big = folder / "static" / "big"
    big.parent.mkdir()
    with open(big, "wb") as file:
        for _ in range(64):
            file.write(os.urandom(measure.GIB // 64))
    small = os.urandom(4096)
    (folder / "static" / "small").write_bytes(small)
    return big, small


def fill(server, headers, big, small):
    """Pushes the two blobs and an image to `bench`; returns the URL of the repository."""
    url = server.url + "/v2/bench"
    config = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'
    for blob in (small, config):
        registry.put_blob(url, headers, blob)
    registry.put_manifest(url, headers, config, small)
    measure.push_by_curl(url, headers, big, registry.file_digest(big))
    return url


def change(file):
    """Makes the content of `file` new, so that no server has seen it; returns its digest."""
    with open(file, "r+b") as bytes_of_file:
        bytes_of_file.write(os.urandom(64))
    return registry.file_digest(file)


def measured_round(targets, describe, big_digest, small_digest, upload):
    for server, headers, url in targets:
        big, small = (f"{url}/big", f"{url}/small") if server.name == "nginx" else (f"{url}/blobs/{big_digest}", f"{url}/blobs/{small_digest}")
        os.sync()  # what was pushed before is not written at the cost of the pulls
        before = server.cpu_seconds()
        for _ in range(PULLS):
            speed = measure.pull_by_curl(big, headers)
            for row in ("curl", "curl encrypted"):
                rows[row].add(server.name, speed)
            rows["discard"].add(server.name, measure.pull_and_discard(big, headers))
        rows["cpu"].add(server.name, (server.cpu_seconds() - before) / (2 * PULLS))
        small_rate = measure.requests_per_second(small, headers, options.seconds)
        for row in ("blob", "static", "blob encrypted"):
            rows[row].add(server.name, small_rate)
        if server.name != "nginx":
            accept = [*headers, f"Accept: {registry.MANIFEST_TYPE}"]
            rows["manifest"].add(server.name, measure.requests_per_second(f"{url}/manifests/m", accept, options.seconds))
            digest = change(upload)
            before = server.cpu_seconds()
            speed = measure.push_by_curl(url, headers, upload, digest)
            for row in ("push", "push encrypted"):
                rows[row].add(server.name, speed)
            rows["push cpu"].add(server.name, server.cpu_seconds() - before)
    for server, script in describe.items():
        rows["describe"].add(server.name, measure.requests_per_second(server.url + "/", [], options.seconds, script))


def main(folder):
    begin = time.monotonic()
    big, small = make_files(folder)
    big_digest, small_digest = registry.file_digest(big), registry.digest(small)
    upload = folder / "upload"
    shutil.copyfile(big, upload)

    started, registries, describe = [], {}, {}

    def start(name):
        started.append(server := servers.start_berth(options.berth, folder, name, *WAYS[name]))
        boto3.setup_default_session()
        return server

    try:
        for name in reversed(WAYS):
            server = start(name)
            registry.ecr(server.url).create_repository(repositoryName="bench")
            registries[server] = [registry.token_header(server.url)]
        started.append(distribution := servers.start_docker_registry(folder))
        started.append(nginx := servers.start_nginx(folder))
        started.append(moto := servers.start_moto(str(pathlib.Path(sys.executable).with_name("moto_server")), folder))
        registry.ecr(moto.url).create_repository(repositoryName="bench")
        # The keys of the environment are those of the last one started.
        for other in (server, moto):
            describe[other] = registry.signed_describe(other.url, "bench", folder / f"{other.name}.lua")
        registries[distribution] = []
        targets = [(server, headers, fill(server, headers, big, small)) for server, headers in registries.items()]
        targets.append((nginx, [], nginx.url))

        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}, {time.monotonic() - begin:.0f} s", flush=True)
            measured_round(targets, describe, big_digest, small_digest, upload)

        for server in [server for server in started if server.name in WAYS]:
            started.remove(server)
            server.stop()
        costs = [identities.decision_cost(options.berth, users) for users in (1, 10_000)]
        starts = identities.start_times(options.berth, folder, (1, 10_000))
        memory = {}
        for name in reversed(WAYS):
            # The peak of a process is that of all its life, so this one gets a new process on the same data.
            server = start(name)
            token = [registry.token_header(server.url)]
            memory[name] = measure.memory_under_pulls(server, f"{server.url}/v2/bench/blobs/{big_digest}", token)
        print(f"a blob of 10 GiB, {time.monotonic() - begin:.0f} s", flush=True)
        with open(upload, "wb") as file:
            file.truncate(10 * measure.GIB)
        digest = registry.file_digest(upload)
        measure.push_by_curl(f"{server.url}/v2/bench", token, upload, digest)
        one_byte = measure.one_byte(f"{server.url}/v2/bench/blobs/{digest}", token, 5 * measure.GIB)
    finally:
        for server in started:
            server.stop()
    print(report.write(options.output, rows.values(), memory, one_byte, options.rounds, options.berth, costs, starts))
    print(f"{time.monotonic() - begin:.0f} s; written to {options.output}")
    missed = [row.title for row in rows.values() if not row.reached]
    missed += [f"memory of {name}" for name, (peak, _) in memory.items() if peak >= report.MEMORY_LIMITS[name]]
    missed += ["one byte"] if one_byte > report.RANGE_LIMIT else []
    missed += ["decision"] if costs[1]["together"] > report.DECISION_LIMIT else []
    missed += [] if report.starts_alike(starts) else ["start"]
    return f"below the floor: {', '.join(missed)}" if missed else 0


with tempfile.TemporaryDirectory(dir=root / ".build" / "bench") as folder:
    sys.exit(main(pathlib.Path(folder)))
