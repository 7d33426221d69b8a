"""What those who mean harm cost the others: memory of the server, and the 99th percentile of a pull, while they are at it. See scripts/bench."""
import argparse
import contextlib
import http.client
import multiprocessing
import os
import pathlib
import resource
import socket
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse

import collector
import images
import registry
import report
import servers

root = pathlib.Path(__file__).resolve().parent.parent.parent
MOST, MEMORY = 2.0, 300


def connect(place):
    connection = socket.create_connection(place, timeout=30)
    return connection


@contextlib.contextmanager
def idle(place, headers, count):
    """Connections on which one request was made, and then nothing."""
    held = []
    for _ in range(count):
        connection = connect(place)
        connection.sendall(f"GET /v2/ HTTP/1.1\r\nHost: {place[0]}\r\n{headers[0]}\r\n\r\n".encode())
        held.append(connection)
    for connection in held:
        assert b" 200 " in connection.recv(1024)
    yield
    for connection in held:
        connection.close()


@contextlib.contextmanager
def slow_senders(place, headers, count):
    """Connections that send headers, or a body, byte by byte, and begin anew when they are cut."""
    over = threading.Event()

    def dawdle(number):
        fields = f"Host: {place[0]}\r\n{headers[0]}\r\n"
        text = f"PUT /v2/bench/manifests/slow HTTP/1.1\r\n{fields}Content-Type: {registry.MANIFEST_TYPE}\r\nContent-Length: 4000000\r\n\r\n"
        while not over.is_set():
            with contextlib.suppress(OSError), contextlib.closing(connect(place)) as connection:
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


def send_until(deadline, url, headers, kind):
    """Bodies that are too large or too deep, one after the other."""
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
            # As fast as a network lets somebody be: without a pause the clients alone take both cores.
            time.sleep(0.2)


@contextlib.contextmanager
def bodies(url, headers, seconds):
    deadline = time.monotonic() + seconds
    kinds = ("deep manifest", "large manifest", "deep call", "endless manifest")
    workers = [multiprocessing.Process(target=send_until, args=(deadline, url, headers, kind)) for kind in kinds]
    for worker in workers:
        worker.start()
    time.sleep(0.5)
    yield
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0, "a body was not refused"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--idle", type=int, default=9_900, help="connections; a listener has 10,000 at most")
    arguments.add_argument("--slow", type=int, default=1_000)
    arguments.add_argument("--berth", default=str(root / "bin/berth"))
    arguments.add_argument("--output", type=pathlib.Path, default=root / "docs/benchmarks.md")
    options = arguments.parse_args()
    for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
        del os.environ[name]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    (root / ".build" / "bench").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root / ".build" / "bench") as name:
        folder = pathlib.Path(name)
        server = servers.start_berth(options.berth, folder)
        try:
            registry.ecr(server.url).create_repository(repositoryName="bench")
            headers, url = [registry.token_header(server.url)], server.url + "/v2/bench"
            layer = os.urandom(100_000)
            for blob in (images.CONFIG, layer):
                registry.put_blob(url, headers, blob)
            registry.put_manifest(url, headers, images.CONFIG, layer)
            digests = [registry.digest(images.CONFIG), registry.digest(layer)]
            parts = urllib.parse.urlsplit(server.url)
            place = (parts.hostname, parts.port)
            attacks = {
                "nobody": contextlib.nullcontext,
                f"{options.idle:,} idle connections": lambda: idle(place, headers, options.idle),
                f"{options.slow:,} slow senders": lambda: slow_senders(place, headers, options.slow),
                "bodies too large, too deep and without end": lambda: bodies(server.url, headers, options.seconds + 2),
            }
            found = {title: [] for title in attacks}
            for number in range(options.rounds):
                for title, attack in attacks.items():
                    with attack():
                        late = collector.pull_p99(url, headers, 8, options.seconds, folder / "pull.lua", digests)
                        found[title].append((late, server.memory("VmRSS")))
                    print(f"{number + 1}: {title}: {late:.1f} ms, {found[title][-1][1]:.0f} MiB", flush=True)
                    time.sleep(1)
        finally:
            server.stop()
    medians = {title: [statistics.median(column) for column in zip(*values)] for title, values in found.items()}
    base = medians["nobody"][0]
    lines = "\n".join(
        f"| {title} | {late:.1f} ms | {late / base:.2f} × | {memory:.0f} MiB | {'reached' if late <= MOST * base and memory <= MEMORY else '**above**'} |"
        for title, (late, memory) in medians.items())
    text = f"""## Under attack

99th percentile of the requests of pulls by eight well-meaning clients, and the server's memory, while others do harm; medians of {options.rounds} rounds. At most {MOST:.0f} × and
{MEMORY} MiB is the aim. A million tags are under "With 1,000,000 images".

| beside them | 99th percentile | of that alone | memory | |
|---|---|---|---|---|
{lines}
"""
    print(text)
    report.replace_section(options.output, text)
    missed = [title for title, (late, memory) in medians.items() if late > MOST * base or memory > MEMORY]
    return f"above: {', '.join(missed)}" if missed else 0


if __name__ == "__main__":
    sys.exit(main())
