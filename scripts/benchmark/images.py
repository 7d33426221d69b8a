"""Whole images under load: how many a second are pushed and pulled by 1, 8 and 64 clients, beside docker-registry. See scripts/bench."""
import argparse
import contextlib
import hashlib
import json
import multiprocessing
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import fill
import ground
import registry
import report
import servers

SIZES = {"1 MB": 1_000_000, "10 MB": 10_000_000}
CLIENTS = (1, 8, 64)
FLOORS = {("pull", "1 MB"): 5, ("pull", "10 MB"): 2, ("push", "1 MB"): 3, ("push", "10 MB"): 2}
# Berth as it runs by default, encrypting at rest, and without that, as on a volume that is encrypted already.
WAYS = {"berth": [], "berth, plain": ["--encryption", "off"]}
# Blobs for each measured second: the collector of a Berth looks at 300 a second, at most.
GARBAGE = 500
LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *([0-9]+)")
LOCATION = re.compile(rb"\r\n[Ll]ocation: *([^\r]+)")
# Images that the clients of one process make ready before they begin to push.
READY = 1600
# Where the bytes of a pull would go, if they were copied.
NOTHING = bytearray(16 << 20)
CONFIG = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'


def manifest(config, layer_digest, layer_size):
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": registry.MANIFEST_TYPE,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": registry.digest(config), "size": len(config)},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer_digest, "size": layer_size}],
        }
    ).encode()


class Image:
    """An image to push: a layer that no server has seen, and a config that every image has; all that can be made before the push is."""

    def __init__(self, client, name, prefix, state):
        self.tail = os.urandom(32)
        hashing = state.copy()
        hashing.update(self.tail)
        digest = "sha256:" + hashing.hexdigest()
        size = len(prefix) + 32
        self.upload = client.upload(digest, size)
        body = manifest(CONFIG, digest, size)
        self.manifest = client.head("PUT", f"manifests/{name}", len(body), registry.MANIFEST_TYPE) + body


class Client:
    """A connection that pushes and pulls images, with as little work of its own as Python allows."""

    def __init__(self, url, headers):
        parts = urllib.parse.urlsplit(url)
        self.path = parts.path
        self.connection = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fixed = "".join(f"{header}\r\n" for header in [f"Host: {parts.netloc}", *headers])

    def head(self, method, target, length, kind="application/octet-stream"):
        """The head of a request of so many bytes."""
        return f"{method} {self.path}/{target} HTTP/1.1\r\n{self.fixed}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()

    def upload(self, digest, size):
        """The request that begins an upload, and the rest of the head of the one that ends it."""
        return self.head("POST", "blobs/uploads/", 0), f"digest={digest} HTTP/1.1\r\n{self.fixed}Content-Length: {size}\r\n\r\n".encode()

    def answer(self, status):
        """The head of an answer, which must have that status; its body is thrown away."""
        data = self.received()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.received()
        if data[9:12] != status:
            raise SystemExit(f"the server answers {data[:200]}")
        length = LENGTH.search(data, 0, end + 2)
        left = (int(length[1]) if length else 0) + end + 4 - len(data)
        while left > 0:
            left -= len(self.received())
        return data[: end + 2]

    def put_blob(self, upload, pieces):
        begin, put = upload
        self.connection.sendall(begin)
        location = LOCATION.search(self.answer(b"202"))[1]
        target = location[location.index(b"/v2/") :]
        self.connection.sendall(b"PUT " + target + (b"&" if b"?" in target else b"?") + put)
        for piece in pieces:
            self.connection.sendall(piece)
        self.answer(b"201")

    def push(self, image, prefix):
        """Pushes an image, whose layer is `prefix` and a tail."""
        self.put_blob(image.upload, [prefix, image.tail])
        self.connection.sendall(image.manifest)
        self.answer(b"201")

    def pull(self, requests):
        """Sends the requests one after the other and has the kernel throw away what comes, uncopied: the work of a pull is the server's."""
        for request in requests:
            self.connection.sendall(request)
            data = self.received()
            while (end := data.find(b"\r\n\r\n")) < 0:
                data += self.received()
            assert data.startswith(b"HTTP/1.1 200"), data[:200]
            left = int(LENGTH.search(data, 0, end + 2)[1]) + end + 4 - len(data)
            while left > 0:
                count = self.connection.recv_into(NOTHING, min(left, len(NOTHING)), socket.MSG_TRUNC | socket.MSG_WAITALL)
                if count == 0:
                    raise SystemExit("the server has closed the connection")
                left -= count

    def received(self):
        data = self.connection.recv(65536)
        if not data:
            raise SystemExit("the server has closed the connection")
        return data


def pushes(url, headers, size, number):
    """A function that makes a client's next push; the threads of one process share the bytes that they push."""
    prefix = os.urandom(size - 32)
    state = hashlib.sha256(prefix)

    def begin(thread, ready):
        client = Client(url, headers)
        images = [Image(client, f"t{number}-{thread}", prefix, state) for _ in range(ready)]
        return lambda: client.push(images.pop() if images else Image(client, f"t{number}-{thread}", prefix, state), prefix)

    return begin


def pulls(url, headers, digests, number):
    """A function that makes a client's next pull: the manifest by its tag, the config and the layer, one after the other."""
    parts = urllib.parse.urlsplit(url)
    fields = "".join(f"{header}\r\n" for header in [f"Host: {parts.netloc}", *headers, f"Accept: {registry.MANIFEST_TYPE}"])
    paths = ["manifests/m", *(f"blobs/{digest}" for digest in digests)]
    requests = [f"GET {parts.path}/{path} HTTP/1.1\r\n{fields}\r\n".encode() for path in paths]

    def begin(_thread, _ready):
        client = Client(url, headers)
        return lambda: client.pull(requests)

    return begin


def run_for(seconds, kind, arguments, threads, start, times):
    """A process of `threads` clients that push or pull from the common start on for so many seconds; the seconds of each image go to `times`."""
    found, failed = [], []
    try:
        begin = kind(*arguments)
        steps = [begin(thread, READY // threads) for thread in range(threads)]
    except BaseException:
        start.abort()
        raise
    start.wait()
    deadline = time.monotonic() + seconds

    def work(step):
        try:
            while (start := time.monotonic()) < deadline:
                step()
                found.append(time.monotonic() - start)
        except BaseException as error:
            failed.append(repr(error))

    workers = [threading.Thread(target=work, args=[step]) for step in steps]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    times.put((found, failed))


def images_per_second(kind, arguments, clients, seconds):
    """Images a second, the 99th percentile of the seconds of one, and how many there were. A client that fails ends it all."""
    times = multiprocessing.Queue()
    count = min(clients, 4)
    start = multiprocessing.Barrier(count + 1, timeout=60)
    workers = [
        multiprocessing.Process(target=run_for, args=(seconds, kind, (*arguments, number), clients // count, start, times)) for number in range(count)
    ]
    for worker in workers:
        worker.start()
    start.wait()
    begin = time.monotonic()
    told = [times.get() for _ in workers]
    taken = time.monotonic() - begin
    for worker in workers:
        worker.join()
    failed = [error for _, errors in told for error in errors]
    if failed:
        raise SystemExit(f"{len(failed)} clients failed: {failed[0]}")
    found = sorted(value for values, _ in told for value in values)
    return len(found) / taken, found[int(len(found) * 0.99)], len(found)


@contextlib.contextmanager
def collecting(server):
    """Gives a dictionary that has, in the end, how many blobs a Berth has reclaimed meanwhile; fails when it had no more to reclaim."""
    reclaimed = {}
    if server.data is None:
        yield reclaimed
        return
    before = fill.garbage_left(server.data)
    yield reclaimed
    left = fill.garbage_left(server.data)
    if left == 0:
        raise SystemExit(f"the collector of {server.name} was done before the end: take more --garbage")
    reclaimed["reclaimed"] = before - left


def measure(targets, rates, size_name, clients, seconds):
    """Adds a round's rates by (kind, size, clients, server). Of the servers, which are halted, only the one is awake that is measured: an idle Berth would
    go on collecting, at the cost of the others."""
    size = SIZES[size_name]
    layer = os.urandom(size)
    for server, headers, url in targets:
        with server.awake():
            for blob in (CONFIG, layer):
                registry.put_blob(url, headers, blob)
            registry.put_manifest(url, headers, CONFIG, layer)
    digests = [registry.digest(CONFIG), registry.digest(layer)]
    for server, headers, url in targets:
        with server.awake(), collecting(server) as reclaimed:
            pulled, *_ = images_per_second(pulls, (url, headers, digests), clients, seconds)
            pushed, late, _ = images_per_second(pushes, (url, headers, size), clients, seconds)
        for kind, value in {"pull": pulled, "push": pushed, "late": late, **reclaimed}.items():
            rates.setdefault((kind, size_name, clients, server.name), []).append(value)
        gone = "".join(f" {count:6} blobs reclaimed" for count in reclaimed.values())
        print(f"{size_name}, {clients:2} clients, {server.name:15} {pulled:7.0f} pulls/s {pushed:7.0f} pushes/s{gone}", flush=True)


def start_collecting(options, folder, way, settings):
    """A Berth with a repository `bench` and garbage that its collector is busy with from now on."""
    berth = servers.start_berth(options.berth, folder, way, *settings)
    try:
        registry.ecr(berth.url).create_repository(repositoryName="bench")
        registry.put_blob(berth.url + "/v2/bench", [registry.token_header(berth.url)], os.urandom(4000))
    finally:
        berth.stop()
    fill.add_garbage(berth.data, options.garbage or GARBAGE * options.seconds * 2)
    return servers.start_berth(options.berth, folder, way, *settings)


def run_round(options, folder, rates, size_name, clients):
    """A round with servers and folders of its own, of which nothing but names is left: what one pushes may be as much as the device has room for, and more
    than the memory that is kept warm has for three of them."""
    started = []
    try:
        targets = []
        for way, settings in WAYS.items():
            started.append(berth := start_collecting(options, folder, way, settings))
            targets.append((berth, [registry.token_header(berth.url)], berth.url + "/v2/bench"))
            berth.halt()
        started.append(distribution := servers.start_docker_registry(folder))
        targets.append((distribution, [], distribution.url + "/v2/bench"))
        distribution.halt()
        measure(targets, rates, size_name, clients, options.seconds)
    finally:
        for server in started:
            server.stop()
        ground.empty(folder)


def written_per_second(folder, size, threads, seconds):
    """How many new files of `size` bytes a program writes in a second that syncs each before the next of its thread."""
    data = os.urandom(size)
    deadline = time.monotonic() + seconds
    done = []

    def work(number):
        while time.monotonic() < deadline:
            with open(folder / f"{number}-{len(done)}", "wb", buffering=0) as file:
                file.write(data)
                os.fdatasync(file.fileno())
            done.append(number)

    folder.mkdir()
    begin = time.monotonic()
    workers = [threading.Thread(target=work, args=[number]) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rate = len(done) / (time.monotonic() - begin)
    ground.empty(folder)
    return rate


def section(found, device, rounds):
    """The part of docs/benchmarks.md, and what is below its floor."""
    rates = {key: statistics.median(values) for key, values in found.items()}
    reclaimed = [count for key, values in found.items() if key[0] == "reclaimed" for count in values]
    lines = ["| images/s | berth | berth, plain | docker-registry | encrypted | plain | floor | |", "|---|---|---|---|---|---|---|---|"]
    missed = []
    for (kind, size), floor in FLOORS.items():
        for clients in CLIENTS:
            sealed, plain, theirs = (rates[(kind, size, clients, name)] for name in (*WAYS, "docker-registry"))
            verdict = "reached" if sealed / theirs >= floor else "plain reaches it" if plain / theirs >= floor else "**below**"
            title = f"{kind.title()} of {size}, {clients} client{'s' if clients > 1 else ''}"
            if sealed / theirs < floor:
                missed.append(title)
            shares = f"{sealed / theirs:.1f} × | {plain / theirs:.1f} ×"
            lines.append(f"| {title} | {sealed:,.0f} | {plain:,.0f} | {theirs:,.0f} | {shares} | {floor} | {verdict} |")
    late = ", ".join(f"{rates[('late', '1 MB', clients, 'berth')] * 1000:.0f} ms with {clients}" for clients in CLIENTS)
    disk = ", ".join(f"{device[size, threads]:,.0f} of {size} by {threads} thread{'s' if threads > 1 else ''}" for size, threads in device)
    text = f"""## Whole images under load

Images of one layer and a config, on disk, synced before the answer on both sides; medians of {rounds} rounds. A pull is the manifest by its tag, the config and the
layer, whose bytes the client has the kernel throw away without copying them; a push is a new layer and a manifest under a tag. The clients share the two cores with the server, and so level the figures. The 99th
percentile of a push of 1 MB to Berth takes {late} client(s). "berth, plain" runs with `--encryption off`.

Berth's collector runs all the while, in both ways: its folders are filled beforehand with blobs of 4 KB that no image names and whose leases have ended, and it took
away {sum(reclaimed):,} of them during the loads measured here, at least {min(reclaimed):,} beside each pair of a load of pulls and one of pushes, without coming to the end of them. docker-registry has no collector
that could run beside its clients, and pays for none: of the servers, the ones that are not measured are halted (SIGSTOP).

Nothing else is deleted between the rounds, and the machine is kept from giving its free memory back to its host (`scripts/benchmark/ground.py`): either would take from one server more than
from the other, by chance.

For comparison, a program that writes whole files, each synced before the next of its thread, gets these rates a second from the device: {disk}. A registry gives it bytes while others come,
and so may push more.

""" + "\n".join(lines) + "\n"
    return text, missed


def main():
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=3, help="of each load")
    arguments.add_argument("--garbage", type=int, help=f"blobs for the collector of each Berth (default: {GARBAGE} for each measured second)")
    arguments.add_argument("--berth", default=str(root / "bin/berth"))
    arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/benchmarks.md")
    options = arguments.parse_args()
    # Nothing of the user's own set-up may reach the clients.
    for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    scratch = root / ".build" / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    found = {}
    with tempfile.TemporaryDirectory(dir=scratch) as name, ground.warm_memory():
        root_of_data = pathlib.Path(name)
        device = {
            (size_name, threads): written_per_second(root_of_data / f"device {size_name} {threads}", size, threads, options.seconds)
            for size_name, size in SIZES.items()
            for threads in (1, 8)
        }
        for number in range(options.rounds):
            print(f"round {number + 1}")
            for size_name in SIZES:
                for clients in CLIENTS:
                    folder = root_of_data / f"{number} {size_name} {clients}"
                    folder.mkdir()
                    run_round(options, folder, found, size_name, clients)
    text, missed = section(found, device, options.rounds)
    print(text)
    report.replace_section(options.output, text)
    return f"below the floor: {', '.join(missed)}" if missed else 0


if __name__ == "__main__":
    sys.exit(main())
