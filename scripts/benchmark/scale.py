"""Measures Berth on a data folder of many images, which it makes first. See scripts/scale."""
import argparse
import http.client
import os
import pathlib
import random
import shutil
import signal
import statistics
import sys
import time
import urllib.parse

import fill
import registry
import report
import servers

root = pathlib.Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--images", type=int, default=1_000_000)
arguments.add_argument("--tags", type=int, default=5, help="of each image")
arguments.add_argument("--requests", type=int, default=300, help="of each kind")
arguments.add_argument("--berth", default=str(root / "bin/berth"))
arguments.add_argument("--output", default=str(root / "docs/benchmarks.md"))
options = arguments.parse_args()
for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]

folder = root / ".build/scale" / f"{options.images}-{options.tags}"
CONFIG = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'
LAYER = os.urandom(10_000)


def make_folder():
    """A data folder whose blobs were pushed, and whose images were written by SQL."""
    draft = folder.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    server = servers.start_berth(options.berth, draft)
    try:
        ecr = registry.ecr(server.url)
        header = [registry.token_header(server.url)]
        for number in range(-(-options.images // fill.PER_REPOSITORY)):
            ecr.create_repository(repositoryName=f"scale-{number}")
            for blob in (CONFIG, LAYER):
                registry.put_blob(f"{server.url}/v2/scale-{number}", header, blob)
    finally:
        server.stop()
    fill.fill(draft / "berth/berth.sqlite", registry.digest(CONFIG), registry.digest(LAYER), options.images, options.tags)
    draft.rename(folder)


def milliseconds(url, requests):
    """Median and 99th percentile of what a client on one connection waits for each of `requests`."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
    times = []
    for request in requests:
        begin = time.monotonic()
        connection.request(*request)
        answer = connection.getresponse()
        data = answer.read()
        times.append((time.monotonic() - begin) * 1000)
        assert answer.status == 200, f"{request[:3]}: {answer.status} {data[:300]}"
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def pages(server):
    """The name of each kind of request with its median and 99th percentile in milliseconds."""
    bearer = dict([registry.token_header(server.url).split(": ", 1)])
    generator = random.Random(2)
    some = [generator.randrange(min(options.images, fill.PER_REPOSITORY)) for _ in range(options.requests)]
    get = lambda path: ("GET", f"/v2/scale-0/{path}", None, bearer | {"Accept": registry.MANIFEST_TYPE})  # noqa: E731
    deep = {name: registry.page_tokens(server.url, name, "scale-0", most=50) for name in ("describe_images", "list_images")}
    lists = [("DescribeImages, 100 of a repository", "DescribeImages", "describe_images"), ("ListImages, 100 of a repository", "ListImages", "list_images")]
    yield "Manifest by tag", *milliseconds(server.url, [get(f"manifests/v{number}.{number % options.tags}") for number in some])
    for title, operation, method in lists:
        bodies = [{"repositoryName": "scale-0", "maxResults": 100, "nextToken": generator.choice(deep[method])} for _ in some]
        yield title, *milliseconds(server.url, [registry.signed(server.url, operation, body) for body in bodies])
    by_tag = [{"repositoryName": "scale-0", "imageIds": [{"imageTag": f"v{number}.0"}]} for number in some]
    yield "DescribeImages, one by tag", *milliseconds(server.url, [registry.signed(server.url, "DescribeImages", body) for body in by_tag])
    yield "tags/list, 1,000 from anywhere", *milliseconds(server.url, [get(f"tags/list?n=1000&last=v{number}") for number in some])
    subjects = [f"referrers/sha256:{generator.randbytes(32).hex()}" for _ in some]
    yield "Referrers of one image", *milliseconds(server.url, [get(path) for path in subjects])


def section(starts, rows, memory, megabytes):
    lines = "\n".join(f"| {title} | {median:.1f} | {late:.1f} |" for title, median, late in rows)
    ordinary, killed = (", ".join(f"{seconds:.2f}" for seconds in times) for times in starts)
    return f"""## With {options.images:,} images and {options.images * options.tags:,} tags

Written by `make scale` (`scripts/scale`): a data folder with a database of {megabytes:,.0f} MB, {fill.PER_REPOSITORY:,} images in each repository.

From the start of the program to the first 200 of `/readyz`, in seconds: **{ordinary}** after an ordinary stop, **{killed}** after kill -9.
Memory after all of the requests below: {memory:.0f} MiB.

| request, milliseconds that one client waits | median | 99th percentile |
|---|---|---|
{lines}

- Machine: {report.machine()}
- Date: {time.strftime("%Y-%m-%d", time.gmtime())}, {report.first_line(options.berth, "version")} ({report.first_line("git", "describe", "--always", "--dirty")})
"""


def main():
    if not folder.exists():
        make_folder()
    starts = ([], [])
    for end, times in ((signal.SIGTERM, starts[0]), (signal.SIGKILL, starts[1])):
        for _ in range(3):
            servers.seconds_to_ready(options.berth, folder / "berth")[1].stop(by=end)
            seconds, process = servers.seconds_to_ready(options.berth, folder / "berth")
            times.append(seconds)
            process.stop()
    server = servers.start_berth(options.berth, folder)
    try:
        rows = list(pages(server))
        memory = server.memory("VmHWM")
    finally:
        server.stop()
    megabytes = (folder / "berth/berth.sqlite").stat().st_size / 1e6
    text = section(starts, rows, memory, megabytes)
    report.replace_section(options.output, text)
    print(text)
    late = [title for title, _, slow in rows if slow > 10]
    if max(starts[0] + starts[1]) > 1 or memory > 300 or late:
        return f"beyond the limits of 1 s to start, 300 MiB and 10 ms: {late}"
    return 0


sys.exit(main())
