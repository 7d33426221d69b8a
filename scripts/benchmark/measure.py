"""One measurement each: what a client sees of a server, or what a server takes for it."""
import http.client
import os
import re
import selectors
import socket
import statistics
import subprocess
import time
import urllib.parse

GIB = 1024**3


def pull_by_curl(url, headers):
    """MB/s of one download."""
    options = [part for header in headers for part in ("-H", header)]
    result = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{speed_download}", *options, url],
        check=True, capture_output=True, text=True,
    )
    status, size, speed = result.stdout.split()
    assert (status, int(size)) == ("200", GIB), f"{url}: {result.stdout}"
    return float(speed) / 1e6


def open_download(url, headers):
    """A connection that has asked for `url`; nothing of the answer is read yet."""
    parts = urllib.parse.urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=60)
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def pull_and_discard(url, headers):
    """MB/s of one download whose bytes the kernel throws away, so that the client costs next to nothing."""
    start = time.monotonic()
    buffer = bytearray(1 << 20)
    received = 0
    with open_download(url, headers) as connection:
        head = connection.recv(4096)
        assert head.startswith(b"HTTP/1.1 200"), head
        received = len(head)
        while count := connection.recv_into(buffer, len(buffer), socket.MSG_TRUNC):
            received += count
    assert GIB < received < GIB + 4096, f"{url}: {received} bytes"
    return GIB / (time.monotonic() - start) / 1e6


def memory_under_pulls(server, url, headers, count=64, stall=2, seconds=20):
    """The peak of the server's memory in MiB, and the MB/s, while `count` clients first do not read their answers and then all do."""
    connections = [open_download(url, headers) for _ in range(count)]
    time.sleep(stall)
    selector = selectors.DefaultSelector()
    for connection in connections:
        assert connection.recv(12) == b"HTTP/1.1 200"
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
    buffer = bytearray(1 << 20)
    received, start = 0, time.monotonic()
    while selector.get_map() and time.monotonic() - start < seconds:
        for key, _ in selector.select(1):
            bytes_read = key.fileobj.recv_into(buffer, len(buffer), socket.MSG_TRUNC)
            received += bytes_read
            if bytes_read == 0:
                selector.unregister(key.fileobj)
    speed = received / (time.monotonic() - start) / 1e6
    peak = server.memory("VmHWM")
    for connection in connections:
        connection.close()
    return peak, speed


def one_byte(url, headers, offset, count=200):
    """The median of the milliseconds of a request for the byte at `offset`, on one connection."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    fields = dict(header.split(": ", 1) for header in headers) | {"Range": f"bytes={offset}-{offset}"}
    times = []
    for _ in range(count):
        begin = time.monotonic()
        connection.request("GET", parts.path, headers=fields)
        response = connection.getresponse()
        body = response.read()
        times.append((time.monotonic() - begin) * 1e3)
        assert (response.status, len(body)) == (206, 1), response.status
    connection.close()
    return statistics.median(times)


def requests_per_second(url, headers, seconds, script=None):
    """Of wrk with 64 connections; an answer other than 200 fails the run."""
    options = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", *options, *(["-s", str(script)] if script else []), url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{url}: errors under load\n{output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def push_by_curl(url, headers, file, digest):
    """MB/s of POST, PATCH and PUT of `file` to the repository at `url`."""
    options = [part for header in [*headers, "Expect:"] for part in ("-H", header)]

    def curl(*arguments):
        result = subprocess.run(["curl", "-sS", "-D", "-", "-o", "/dev/null", *options, *arguments], check=True, capture_output=True, text=True)
        answer = [line for line in result.stdout.splitlines() if line.startswith("HTTP/")][-1].split()[1]
        location = re.search(r"^location: *(\S+)", result.stdout, re.IGNORECASE | re.MULTILINE)
        return answer, urllib.parse.urljoin(url, location[1]) if location else None

    os.sync()  # what the last push left in the page cache is not written at the cost of this one
    start = time.monotonic()
    status, location = curl("-X", "POST", f"{url}/blobs/uploads/")
    assert status == "202", status
    status, location = curl("-X", "PATCH", "-H", "Content-Type: application/octet-stream", "-T", str(file), location)
    assert status == "202", status
    status, _ = curl("-X", "PUT", "-H", "Content-Length: 0", location + ("&" if "?" in location else "?") + f"digest={digest}")
    assert status == "201", status
    return GIB / (time.monotonic() - start) / 1e6
