"""Evaluates a lifecycle policy over one repository of many images, which it makes first, and then carries it out. See scripts/scale."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import boto3
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
        boto3.client("ecr", endpoint_url=server.url).create_repository(repositoryName="scale-0")
        for blob in (CONFIG, LAYER):
            registry.put_blob(f"{server.url}/v2/scale-0", [registry.token_header(server.url)], blob)
    finally:
        server.stop()
    fill.fill(draft / "berth/berth.sqlite", registry.digest(CONFIG), registry.digest(LAYER), options.images, 1, options.images)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def section(preview, run, before, peak):
    return f"""## Lifecycle policies: {options.images:,} images in one repository

Written by `make scale` (`scripts/scale`): three rules, one of which looks at each tag for a pattern; {EXPIRING:,} images expire.

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
        ecr = boto3.client("ecr", endpoint_url=server.url)
        before = peak = server.memory("RssAnon")
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
    text = section(preview, run, before, peak)
    report.replace_section(options.output, text)
    print(text)
    return "beyond the limit of 300 MiB" if peak > 300 else 0


sys.exit(main())
