"""Lists and describes one repository of many images, which it makes first, page by page, evaluates a lifecycle policy over it, and then carries
that out. See scripts/scale."""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

import fill
import registry
import report
import servers

root = pathlib.Path(__file__).resolve().parent.parent.parent
arguments = argparse.ArgumentParser()
arguments.add_argument("--images", type=int, default=1_000_000)
arguments.add_argument("--berth", default=str(root / "bin/berth"))
arguments.add_argument("--output", default=str(root / "docs/benchmarks.md"))
options = arguments.parse_args()
for name in [name for name in os.environ if name.startswith(("AWS_", "BERTH_")) or name.lower().endswith("_proxy")]:
    del os.environ[name]

folder = root / ".build/scale" / f"lifecycle-{options.images}"
EXPIRING = options.images // 100
CONFIG = b'{"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}}'
LAYER = os.urandom(10_000)
# Three rules, of which the first looks at every tag; the last takes the oldest hundredth.
RULES = [
    ({"tagStatus": "tagged", "tagPatternList": ["*-release-*"], "countType": "imageCountMoreThan", "countNumber": 10}),
    ({"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}),
    ({"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": options.images - EXPIRING}),
]
POLICY = json.dumps({"rules": [{"rulePriority": place, "selection": rule, "action": {"type": "expire"}} for place, rule in enumerate(RULES, 1)]})


def make_folder():
    """A data folder whose blobs were pushed, and whose images were written by SQL."""
    draft = folder.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    server = servers.start_berth(options.berth, draft)
    try:
        registry.ecr(server.url).create_repository(repositoryName="scale-0")
        for blob in (CONFIG, LAYER):
            registry.put_blob(f"{server.url}/v2/scale-0", [registry.token_header(server.url)], blob)
    finally:
        server.stop()
    fill.fill(draft / "berth/berth.sqlite", registry.digest(CONFIG), registry.digest(LAYER), options.images, 1, options.images)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


PAGE = 100
LIMIT = 10  # milliseconds


def walk(server, operation, key):
    """Reads all of the repository page by page: how many elements there were, how long it took in seconds, and the median, the 99th percentile and the
    longest of what the server took for a page, in milliseconds, by its own log."""
    ecr = registry.ecr(server.url)
    log = pathlib.Path(server.log.name)
    start, begin, count, request = log.stat().st_size, time.monotonic(), 0, {"repositoryName": "scale-0", "maxResults": PAGE}
    call = getattr(ecr, operation)
    while True:
        page = call(**request)
        count += len(page[key])
        if "nextToken" not in page:
            break
        request["nextToken"] = page["nextToken"]
    seconds = time.monotonic() - begin
    with open(log) as file:
        file.seek(start)
        action = "action=ecr:" + operation.title().replace("_", "")
        times = [int(re.search(r"microseconds=(\d+)", line)[1]) / 1000 for line in file if action in line]
    # The last lines of the log are still on their way.
    assert len(times) >= options.images // PAGE * 0.9, f"{len(times)} pages in {log}"
    return count, seconds, statistics.median(times), statistics.quantiles(times, n=100)[98], max(times)


def section(walks, preview, run, before, peak):
    rows = "\n".join(
        f"| {operation} | {count:,} | {seconds:.0f} | {median:.1f} | {late:.1f} | {longest:.1f} | {memory:.0f} MiB |"
        for operation, count, seconds, median, late, longest, memory in walks
    )
    return f"""## {options.images:,} images in one repository

Written by `make scale` (`scripts/scale`). All of it page by page, {PAGE} a page, with boto3; the milliseconds are those of a page at the server, by its log.

| | elements | seconds in all, boto3's own among them | median | 99th percentile | longest | memory after it |
|---|---|---|---|---|---|---|
{rows}

A lifecycle policy of three rules, one of which looks at each tag for a pattern; {EXPIRING:,} images expire:

| | seconds |
|---|---|
| preview, from `StartLifecyclePolicyPreview` to `COMPLETE` | {preview:.1f} |
| `berth lifecycle run`: evaluated and {EXPIRING:,} images deleted | {run:.1f} |

Memory of the server, without pages of files: {before:.0f} MiB before, {peak:.0f} MiB at most.

- Machine: {report.machine()}
- Date: {time.strftime("%Y-%m-%d", time.gmtime())}, {report.first_line(options.berth, "version")} ({report.first_line("git", "describe", "--always", "--dirty")})
"""


def main():
    # A run deletes images, so each begins with a folder of its own.
    make_folder()
    server = servers.start_berth(options.berth, folder)
    try:
        ecr = registry.ecr(server.url)
        before = peak = server.memory("RssAnon")
        walks = []
        for name, operation, key in (("DescribeImages", "describe_images", "imageDetails"), ("ListImages", "list_images", "imageIds")):
            walks.append((name, *walk(server, operation, key), server.memory("RssAnon")))
            assert walks[-1][1] == options.images, walks
            peak = max(peak, server.memory("RssAnon"))
        begin = time.monotonic()
        ecr.start_lifecycle_policy_preview(repositoryName="scale-0", lifecyclePolicyText=POLICY)
        while (answer := ecr.get_lifecycle_policy_preview(repositoryName="scale-0", maxResults=1))["status"] != "COMPLETE":
            peak = max(peak, server.memory("RssAnon"))
            time.sleep(0.05)
        preview = time.monotonic() - begin
        assert answer["summary"]["expiringImageTotalCount"] == EXPIRING, answer
        ecr.put_lifecycle_policy(repositoryName="scale-0", lifecyclePolicyText=POLICY)
        begin = time.monotonic()
        command = [options.berth, "lifecycle", "run", "--data", str(folder / "berth"), "--repository", "scale-0", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            while process.poll() is None:
                peak = max(peak, server.memory("RssAnon"))
                time.sleep(0.05)
            done = json.loads(process.stdout.read())
        run = time.monotonic() - begin
        assert done["expired"] == EXPIRING and done["images"] == options.images, done
    finally:
        server.stop()
    text = section(walks, preview, run, before, peak)
    report.replace_section(options.output, text)
    print(text)
    late = [name for name, *_, slow, _, _ in walks if slow > LIMIT]
    return f"beyond the limits of 300 MiB and {LIMIT} ms a page: {peak:.0f} MiB, {late}" if peak > 300 or late else 0


sys.exit(main())
