"""What those who mean harm cost the others: memory of the server, and the 99th percentile of a pull, while they are at it. See scripts/bench."""
import argparse
import contextlib
import http.client
import multiprocessing
import os
import pathlib
import random
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse

import collector
import fill
import images
import registry
import report
import servers

root = pathlib.Path(__file__).resolve().parent.parent.parent
MOST, MEMORY = 2.0, 300
# Who does harm has a machine of his own: what he computes there takes nothing of the server's processors. As `nice` has it.
ELSEWHERE = 10
# Of a network, in seconds.
ROUND_TRIP = 0.05
TAGS_EACH = 10
LISTS = {"ListImages": "list_images", "DescribeImages": "describe_images"}


def connect(url, source="127.0.0.1"):
    parts = urllib.parse.urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=30, source_address=(source, 0))


def get(path, headers):
    return f"GET {path} HTTP/1.1\r\nHost: berth\r\n{headers[0]}\r\n\r\n".encode()


@contextlib.contextmanager
def idle(url, headers, count):
    """Connections on which one request was made, and then nothing; 2,000 each from addresses that are not those of the others."""
    held = []
    for number in range(count):
        connection = connect(url, f"127.0.0.{2 + number // 2000}")
        connection.sendall(get("/v2/", headers))
        held.append(connection)
    for connection in held:
        assert b" 200 " in connection.recv(1024)
    yield
    for connection in held:
        connection.close()


@contextlib.contextmanager
def slow_senders(url, headers, count):
    """Connections that send headers, or a body, byte by byte, and begin anew when they are cut."""
    over = threading.Event()

    def dawdle(number):
        fields = f"Host: berth\r\n{headers[0]}\r\n"
        text = f"PUT /v2/bench/manifests/slow HTTP/1.1\r\n{fields}Content-Type: {registry.MANIFEST_TYPE}\r\nContent-Length: 4000000\r\n\r\n"
        while not over.is_set():
            with contextlib.suppress(OSError), contextlib.closing(connect(url)) as connection:
                # Half of them never come to the end of the header.
                connection.sendall(text.encode() if number % 2 else text[:-2].encode())
                while not over.wait(1):
                    connection.sendall(b" " if number % 2 else b"x")

    workers = [threading.Thread(target=dawdle, args=[number], daemon=True) for number in range(count)]
    for worker in workers:
        worker.start()
    time.sleep(2)
    yield
    over.set()


@contextlib.contextmanager
def stalled_readers(url, headers, digest, count):
    """Connections that ask for a large blob and read nothing of it."""
    held = []
    for _ in range(count):
        connection = connect(url)
        connection.sendall(get(f"/v2/bench/blobs/{digest}", headers))
        held.append(connection)
    time.sleep(2)
    yield
    for connection in held:
        assert connection.recv(12) == b"HTTP/1.1 200"
        connection.close()


@contextlib.contextmanager
def at_work(workers):
    """Processes that harm until their time is over; one that was answered otherwise than it expects ends with an error."""
    for worker in workers:
        worker.start()
    time.sleep(0.5)
    yield
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0, "an attack was not answered as it must be"


def send_until(deadline, url, headers, kind, count):
    """Bodies that are too large or too deep, one after the other."""
    os.nice(ELSEWHERE)
    parts = urllib.parse.urlsplit(url)
    fields = dict(header.split(": ", 1) for header in headers)
    deep = b'{"a":' * 500_000
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(parts.netloc, timeout=10)
            if kind == "deep manifest":
                connection.request("PUT", "/v2/bench/manifests/deep", deep, fields | {"Content-Type": registry.MANIFEST_TYPE})
            elif kind == "large manifest":
                connection.request("PUT", "/v2/bench/manifests/large", b" " * (5 << 20), fields | {"Content-Type": registry.MANIFEST_TYPE})
            elif kind == "deep call":
                target = {"X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "Content-Type": "application/x-amz-json-1.1"}
                connection.request("POST", "/", deep, fields | target)
            else:
                connection.request("PUT", "/v2/bench/manifests/endless", iter([b" " * 65536] * 10_000), fields, encode_chunked=True)
            answer = connection.getresponse()
            answer.read()
            assert 400 <= answer.status < 500, answer.status
        with count:
            count.value += 1
        # As fast as a network lets somebody be: without a pause the clients alone take both cores.
        time.sleep(0.2)


@contextlib.contextmanager
def bodies(url, headers, seconds, count):
    deadline = time.monotonic() + seconds
    kinds = ("deep manifest", "large manifest", "deep call", "endless manifest")
    with at_work([multiprocessing.Process(target=send_until, args=(deadline, url, headers, kind, count)) for kind in kinds]):
        yield


def fill_repository(binary, folder, tags):
    """Makes a data folder with a repository `scale-0` of so many tags."""
    blobs = (images.CONFIG, os.urandom(10_000))
    server = servers.start_berth(binary, folder)
    try:
        registry.ecr(server.url).create_repository(repositoryName="scale-0")
        for blob in blobs:
            registry.put_blob(server.url + "/v2/scale-0", [registry.token_header(server.url)], blob)
    finally:
        server.stop()
    fill.fill(server.data / "berth.sqlite", *map(registry.digest, blobs), tags // TAGS_EACH, TAGS_EACH)


def page_requests(url, headers, tokens, images):
    """Requests for pages from anywhere in the lists of `scale-0`, as bytes, so that those who send them have next to nothing to do."""
    found = [get(f"/v2/scale-0/tags/list?n=1000&last=v{last}", headers) for last in random.choices(range(images), k=100)]
    for operation in tokens:
        for token in random.choices(tokens[operation], k=100):
            body = {"repositoryName": "scale-0", "maxResults": 100, "nextToken": token}
            method, path, content, fields = registry.signed(url, operation, body)
            fields |= {"Host": urllib.parse.urlsplit(url).netloc, "Content-Length": len(content)}
            found.append("\r\n".join([f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", content]).encode())
    return found


def ask_until(deadline, url, requests, count, pause):
    os.nice(ELSEWHERE)
    client = images.Client(url, [])
    while time.monotonic() < deadline:
        client.pull([random.choice(requests)])
        with count:
            count.value += 1
        time.sleep(pause)


@contextlib.contextmanager
def pages(url, requests, seconds, count, pause=ROUND_TRIP):
    """Four clients that ask for one page after the other, `pause` seconds apart; they let the kernel throw away what comes, and leave the cores to the others."""
    deadline = time.monotonic() + seconds
    with at_work([multiprocessing.Process(target=ask_until, args=(deadline, url, requests, count, pause)) for _ in range(4)]):
        yield


def measure(options, folder, attack, headers, digests):
    """The 99th percentile of a pull in milliseconds, and the memory in MiB of a server that was started for this attack, after a second without it."""
    server = servers.start_berth(options.berth, folder)

    def pull_p99(seconds):
        return collector.pull_p99(server.url + "/v2/bench", headers, 8, seconds, folder / "pull.lua", digests)

    try:
        pull_p99(1)
        with attack(server.url):
            return pull_p99(options.seconds), server.memory("VmRSS")
    finally:
        server.stop()


def verdict(share, memory):
    return "reached" if share <= MOST and memory <= MEMORY else "**above**"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--idle", type=int, default=10_000, help="connections")
    arguments.add_argument("--slow", type=int, default=1_000)
    arguments.add_argument("--stalled", type=int, default=200)
    arguments.add_argument("--tags", type=int, default=1_000_000, help=f"of one repository, {TAGS_EACH} of each image")
    arguments.add_argument("--berth", default=str(root / "bin/berth"))
    arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/benchmarks.md")
    options = arguments.parse_args()
    for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    (root / ".build" / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / ".build" / "bench") as name:
        folder = pathlib.Path(name)
        fill_repository(options.berth, folder, options.tags)
        server = servers.start_berth(options.berth, folder)
        try:
            registry.ecr(server.url).create_repository(repositoryName="bench")
            headers, url = [registry.token_header(server.url)], server.url + "/v2/bench"
            layer, large = os.urandom(100_000), os.urandom(100_000_000)
            for blob in (images.CONFIG, layer, large):
                registry.put_blob(url, headers, blob)
            registry.put_manifest(url, headers, images.CONFIG, layer)
            # In steps of 1,000, from the first to the last.
            tokens = {operation: registry.page_tokens(server.url, method, "scale-0", 1000) for operation, method in LISTS.items()}
        finally:
            server.stop()
        digests = [registry.digest(images.CONFIG), registry.digest(layer)]
        asked, hasty, sent = (multiprocessing.Value("q", 0) for _ in range(3))
        long = options.seconds + 2

        def requests(url):
            return page_requests(url, headers, tokens, options.tags // TAGS_EACH)

        attacks = {
            "nobody": lambda url: contextlib.nullcontext(),
            f"{options.idle:,} idle connections": lambda url: idle(url, headers, options.idle),
            f"{options.slow:,} slow senders": lambda url: slow_senders(url, headers, options.slow),
            f"{options.stalled} stalled readers": lambda url: stalled_readers(url, headers, registry.digest(large), options.stalled),
            f"pages of {options.tags:,} tags": lambda url: pages(url, requests(url), long, asked),
            "the same pages without any pause": lambda url: pages(url, requests(url), long, hasty, pause=0),
            "bodies too large, too deep and without end": lambda url: bodies(url, headers, long, sent),
        }
        found = {title: [] for title in attacks}
        for number in range(options.rounds):
            for title, attack in attacks.items():
                found[title].append(measure(options, folder, attack, headers, digests))
                print("{0}: {1}: {2:.1f} ms, {3:.0f} MiB".format(number + 1, title, *found[title][-1]), flush=True)
    medians = {title: [statistics.median(column) for column in zip(*values)] for title, values in found.items()}
    base = medians["nobody"][0]
    lines = "\n".join(
        f"| {title} | {late:.1f} ms | {late / base:.2f} × | {memory:.0f} MiB | {verdict(late / base, memory)} |"
        for title, (late, memory) in medians.items())
    text = f"""## Under attack

99th percentile of the requests of pulls by eight well-meaning clients, which pull as fast as they can, and the server's memory, while others do harm; medians of {options.rounds} rounds.
Each attack has a server that was started for it, on one data folder, with a repository of {options.tags:,} tags. At most {MOST:.0f} × and {MEMORY} MiB is the aim.

The idle connections come from addresses that are not those of the others, 2,000 from each. Four clients ask for the pages of the tags, one after the other, {ROUND_TRIP * 1000:.0f} ms after each answer,
{asked.value / options.rounds / long:,.0f} a second in all: `tags/list?n=1000`, ListImages and DescribeImages from anywhere in the lists. They let the kernel throw the answers away.
Without any pause they get {hasty.value / options.rounds / long:,.0f} a second: what answers them gives way to the others ([decision 30](decisions/0030-pages-have-a-lower-priority.md)).
Four others send bodies, each 0.2 seconds after the one before, {sent.value / options.rounds / long:,.0f} a second in all, since to make them costs more than to refuse them, and a network would not bring more. Who asks for pages and who sends
bodies runs with a nice value of {ELSEWHERE}, for somebody elsewhere would take nothing of the processors for himself; the server and the well-meaning clients have the usual one.

| beside them | 99th percentile | of that alone | memory | |
|---|---|---|---|---|
{lines}
"""
    print(text)
    report.replace_section(options.output, text)
    missed = [title for title, (late, memory) in medians.items() if verdict(late / base, memory) == "**above**"]
    return f"above: {', '.join(missed)}" if missed else 0


if __name__ == "__main__":
    sys.exit(main())
