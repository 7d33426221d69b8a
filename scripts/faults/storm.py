"""Pushes, deletions, mounts, pulls and HEADs of few blobs at once, against a collector that waits 50 ms: nothing wanted goes, nothing else stays."""
import contextlib
import http.client
import json
import multiprocessing
import random
import re
import signal
import sqlite3
import time
import traceback
import urllib.parse
import urllib.request

from installation import Damaged, Installation
from walk import MANIFEST, digest

# In seconds, what a blob is promised twice over.
LEASE = 0.05
CLIENTS = 6
REPOSITORIES = ["one", "two"]
BLOBS = [f"layer {number} ".encode() * 100 for number in range(512)]
CONFIG = json.dumps({"architecture": "amd64", "os": "linux"}).encode()


class Client:
    """Pushes images of its own out of blobs that all share; `images` are those that must be there, by repository and digest."""

    def __init__(self, number, authorization):
        self.number, self.authorization = number, authorization
        self.random = random.Random(number)
        self.connection = http.client.HTTPConnection("127.0.0.1", Installation.port, timeout=300)
        self.images = {}
        self.counts = dict.fromkeys(("pushes", "late", "deletions", "mounts", "uploads", "found", "pulls"), 0)

    def call(self, method, path, body=None, expect=(200,), **headers):
        headers = self.authorization | {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status not in expect:
            raise Damaged(f"{method} {path}: {answer.status} {data[:300]}")
        return answer, data

    def run(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            action = self.random.random()
            # Few are kept, so that most of what is pushed is garbage soon.
            if not self.images or (action < 0.5 and len(self.images) < 2):
                self.push()
            elif action < 0.9:
                self.delete(self.random.choice(list(self.images)))
            else:
                self.pull(self.random.choice(list(self.images)))

    def push(self):
        # What is mounted takes no object more, so that there is less to reclaim.
        repository = self.random.choices(REPOSITORIES, [7, 1])[0]
        blobs = [CONFIG, *self.random.sample(BLOBS, 8)]
        config, *layers = ({"mediaType": "application/octet-stream", "digest": digest(blob), "size": len(blob)} for blob in blobs)
        # A name of its own, so that nobody else deletes it.
        name = {"client": f"{self.number}-{self.counts['pushes'] + self.counts['late']}"}
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers, "annotations": name}).encode()
        begin = time.monotonic()
        for blob in blobs:
            self.provide(blob, repository)
        answer, data = self.call("PUT", f"/v2/{repository}/manifests/{digest(manifest)}", manifest, expect=(201, 400, 404), Content_Type=MANIFEST)
        if answer.status == 201:
            self.images[repository, digest(manifest)] = blobs
            self.counts["pushes"] += 1
            return
        # What is found, mounted or uploaded is promised for half of the lease.
        if b"BLOB_UNKNOWN" not in data or time.monotonic() - begin < LEASE / 2:
            raise Damaged(f"a push is refused before its time: {answer.status} {data[:300]}")
        self.counts["late"] += 1

    def provide(self, blob, repository):
        """As docker does it: asks, mounts, uploads."""
        if self.call("HEAD", f"/v2/{repository}/blobs/{digest(blob)}", expect=(200, 404))[0].status == 200:
            self.counts["found"] += 1
            return
        other = REPOSITORIES[1 - REPOSITORIES.index(repository)]
        answer, _ = self.call("POST", f"/v2/{repository}/blobs/uploads/?mount={digest(blob)}&from={other}", b"", expect=(201, 202))
        if answer.status == 201:
            self.counts["mounts"] += 1
            return
        place = urllib.parse.urlsplit(answer.headers["Location"]).path
        self.call("PUT", f"{place}?digest={digest(blob)}", blob, expect=(201,), Content_Type="application/octet-stream")
        self.counts["uploads"] += 1

    def delete(self, image):
        repository, name = image
        self.call("DELETE", f"/v2/{repository}/manifests/{name}", expect=(202,))
        del self.images[image]
        self.counts["deletions"] += 1

    def pull(self, image):
        repository, name = image
        self.call("GET", f"/v2/{repository}/manifests/{name}", Accept=MANIFEST)
        for blob in self.images[image]:
            if self.call("GET", f"/v2/{repository}/blobs/{digest(blob)}")[1] != blob:
                raise Damaged(f"blob {digest(blob)} has other bytes")
        self.counts["pulls"] += 1


def live(client, seconds, answers):
    """A process: storms for so long, then pulls what must be there, and tells of both."""
    try:
        client.run(seconds)
        for image in client.images:
            client.pull(image)
        answers.put((client.counts, list(client.images)))
    except BaseException:
        answers.put((None, traceback.format_exc()))


def least(seconds):
    """How many objects a storm must reclaim: 5,000 in a minute."""
    return 5000 * seconds // 60


def reaped(installation):
    """How many objects the server took away since it started."""
    with urllib.request.urlopen(installation.url + "/metrics", timeout=10) as answer:
        found = re.search(r'^berth_upkeep_items_total\{step="reap objects"\} ([0-9.e+]+)', answer.read().decode(), re.MULTILINE)
    return int(float(found[1])) if found else 0


def wait_until_empty(data):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.closing(sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)) as database:
            # Uploads that came to their end are remembered for a day.
            tables = ("blobs", "tombstones", "uploads WHERE state <> 1")
            left = [database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables]
        if not any(left):
            return
        time.sleep(0.1)
    raise Damaged(f"blobs, objects, uploads that are never collected: {left}")


def run(program, folder, log, seconds, report, due=True):
    """The counts of a storm, which must reclaim the least unless it is not `due`. Raises `Damaged`."""
    limits = ["--limit", f"blob-lease-milliseconds={LEASE * 1000:.0f}", "--limit", f"images-per-repository={10**6}", "--rates", "none"]
    installation = Installation(program, folder / "storm", log, limits)
    installation.start()
    try:
        for name in REPOSITORIES:
            installation.client().create_repository(repositoryName=name)
        authorization, answers = installation.authorization(), multiprocessing.Queue()
        processes = [multiprocessing.Process(target=live, args=(Client(number, authorization), seconds, answers), daemon=True) for number in range(CLIENTS)]
        for process in processes:
            process.start()
        results = [answers.get(timeout=seconds + 300) for _ in processes]
        for process in processes:
            process.join()
        if failures := [text for counts, text in results if counts is None]:
            raise Damaged(f"in the storm: {failures[0]}")
        total = {name: sum(counts[name] for counts, _ in results) for name in results[0][0]}
        total["reclaimed"] = reaped(installation)
        installation.end(signal.SIGTERM)
        installation.check()

        # With all images gone, nothing may stay.
        installation.start()
        janitor = Client(0, authorization)
        for _, images in results:
            for image in images:
                janitor.images[tuple(image)] = []
                janitor.delete(tuple(image))
        wait_until_empty(installation.data)
        installation.end(signal.SIGTERM)
        installation.check()
        total["leaked"] = installation.objects()
    finally:
        installation.end()
    report(f"storm of {seconds} s, {CLIENTS} clients: " + ", ".join(f"{count:,} {name}" for name, count in total.items()))
    if total["leaked"] or (due and total["reclaimed"] < least(seconds)):
        raise Damaged(f"the storm left {total['leaked']} objects behind and reclaimed {total['reclaimed']}, where {least(seconds)} are due")
    return total
