"""Changes small images with eight clients until it is ended, writing down what was acknowledged; or verifies all that was written down. The clients push
in the ways of containerd and docker, and move tags and delete tags and images besides; with `mounts`, between the repositories crash and crash-other too.
With `large`, one layer in forty has more than 64 MiB, which the server writes another way. `FILE.begun` has a line for each change that was begun, FILE one
for each that was acknowledged; what was not has happened or has not. A file `dark` beside the ledger has from when to when the server ran without power, on
the monotonic clock, a line each time: what it answered then need not hold.
usage: ledger.py push|verify FILE [large] [mounts]"""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import signal
import sys
import threading
import time
import urllib.parse

action, ledger, *options = sys.argv[1:]
host = os.environ["ECR_REGISTRY"]
token = pathlib.Path("token").read_text().strip()
headers = {"Authorization": "Basic " + base64.b64encode(f"AWS:{token}".encode()).decode()}
repositories = ["crash", "crash-other"] if "mounts" in options else ["crash"]
manifest_type = "application/vnd.oci.image.manifest.v1+json"
GONE = "-"


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Refused(Exception):
    """An answer other than the expected one."""


def call(connection, method, path, body=None, expect=(200,), **more):
    connection.request(method, path, body=body, headers=headers | {name.replace("_", "-"): value for name, value in more.items()})
    answer = connection.getresponse()
    data = answer.read()
    if answer.status not in expect:
        raise Refused(f"{method} {path}: {answer.status} {data[:300]}")
    return answer, data


class Upload:
    """One, and its place after each request."""

    def __init__(self, connection, repository, query=""):
        self.connection = connection
        # Another repository that has not got a blob, or not for this caller, is no error: an upload begins.
        self.answer, _ = call(connection, "POST", f"/v2/{repository}/blobs/uploads/{query}", b"", expect=(201, 202))

    @property
    def is_over(self):
        return self.answer.status == 201

    def send(self, method, data, **more):
        parts = urllib.parse.urlsplit(self.answer.headers["Location"])
        query = urllib.parse.parse_qsl(parts.query) + list(more.items())
        path = f"{parts.path}?{urllib.parse.urlencode(query, safe=':')}" if query else parts.path
        self.answer, _ = call(self.connection, method, path, data, expect=(201, 202), Content_Type="application/octet-stream")


def push_blob(connection, repository, data):
    """In one request, as containerd (a request to begin, one with all), or as docker (pieces, and the last one or nothing to complete it)."""
    way = random.choice(["at once", "whole", "rest", "pieces"])
    if way == "at once":
        call(connection, "POST", f"/v2/{repository}/blobs/uploads/?digest={digest(data)}", data, expect=(201,), Content_Type="application/octet-stream")
        return
    ends = {"whole": [], "rest": sorted(random.choices(range(1, len(data) + 1), k=2))[:1], "pieces": [random.randrange(len(data)), len(data)]}[way]
    upload = Upload(connection, repository)
    for begin, end in zip([0, *ends], ends):
        if begin < end:
            upload.send("PATCH", data[begin:end])
    upload.send("PUT", data[ends[-1] if ends else 0 :], digest=digest(data))


def mount_blob(connection, repository, origin, data):
    upload = Upload(connection, repository, f"?mount={digest(data)}&from={origin}")
    if not upload.is_over:
        upload.send("PUT", data, digest=digest(data))


class Journal:
    """The two files, of all clients."""

    def __init__(self):
        self.lock = threading.Lock()
        self.begun, self.acknowledged = open(f"{ledger}.begun", "a"), open(ledger, "a")
        self.count = 0

    def line(self, file, *words):
        print(*words, file=file, flush=True)

    def change(self, repository, names, request):
        """`request` is to give each of `names` another value, or make it `GONE`."""
        with self.lock:
            self.count += 1
            number = f"{os.getpid()}-{self.count}"
            self.line(self.begun, number, repository, *(f"{name}={value}" for name, value in names.items()))
        request()
        with self.lock:
            self.line(self.acknowledged, number, f"{time.monotonic():.6f}")


class Client:
    """`images` are those that are known to be there, by repository and tag: digest and blobs. Nobody else has their names or contents."""

    def __init__(self, number, journal):
        self.number, self.journal, self.count, self.images = number, journal, 0, {}
        self.connection = http.client.HTTPConnection(host, timeout=30)

    def act(self):
        chance = random.random()
        if not self.images or chance < 0.55:
            self.count += 1
            self.push(random.choice(repositories), f"c{self.number}-{os.getpid()}-{self.count}")
            return
        # What fails has happened or has not: its names are left alone from then on.
        (repository, tag), (name, blobs) = (place := random.choice(list(self.images))), self.images.pop(place)
        if chance < 0.7:
            self.push(repository, tag)
        elif chance < 0.8:
            self.delete(repository, tag, {tag: GONE})
        elif chance < 0.9:
            self.delete(repository, name, {tag: GONE, name: GONE})
        else:
            self.images[place] = name, blobs
            for other in set(repositories) - {repository}:
                self.put(other, f"{tag}-mounted-{time.monotonic_ns()}", blobs, lambda blob: mount_blob(self.connection, other, repository, blob))

    def push(self, repository, tag):
        is_large = "large" in options and random.randrange(40) == 0
        layer = os.urandom(random.randrange(65 << 20, 70 << 20) if is_large else random.randrange(1, 400_000))
        config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}).encode()
        self.put(repository, tag, [config, layer], lambda blob: push_blob(self.connection, repository, blob))

    def put(self, repository, tag, blobs, provide):
        types = ["application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar"]
        config, *layers = ({"mediaType": kind, "digest": digest(blob), "size": len(blob)} for kind, blob in zip(types, blobs))
        manifest = json.dumps({"schemaVersion": 2, "mediaType": manifest_type, "config": config, "layers": layers, "annotations": {"tag": tag}}).encode()
        name, path = digest(manifest), f"/v2/{repository}/manifests/{tag}"
        for blob in blobs:
            provide(blob)
        self.journal.change(
            repository, {tag: name, name: name}, lambda: call(self.connection, "PUT", path, manifest, expect=(201,), Content_Type=manifest_type))
        # Large ones, and the oldest of many, are not kept in memory.
        if len(blobs[1]) < 1 << 20:
            self.images[repository, tag] = name, blobs
        if len(self.images) > 30:
            del self.images[next(iter(self.images))]

    def delete(self, repository, reference, names):
        self.journal.change(repository, names, lambda: call(self.connection, "DELETE", f"/v2/{repository}/manifests/{reference}", expect=(202,)))

    def run(self):
        while True:
            try:
                self.act()
            except Refused as refusal:
                print(refusal, file=sys.stderr, flush=True)
                self.connection.close()
                time.sleep(0.05)
            except (OSError, http.client.HTTPException):
                self.connection.close()
                time.sleep(0.05)


def push():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    journal = Journal()
    for number in range(8):
        threading.Thread(target=Client(number, journal).run, daemon=True).start()
    while True:
        signal.pause()


class Verified:
    """What the ledger says of each name: `allowed` are the values that it may have."""

    def __init__(self):
        dark = pathlib.Path("dark")
        self.windows = [tuple(map(float, line.split())) for line in dark.read_text().splitlines()] if dark.exists() else []
        moments = dict(line.split() for line in pathlib.Path(ledger).read_text().splitlines())
        self.count, self.late, self.allowed = 0, [], {}
        for line in pathlib.Path(f"{ledger}.begun").read_text().splitlines():
            number, repository, *names = line.split()
            is_late = number in moments and self.is_dark(float(moments[number]))
            self.count += number in moments and not is_late
            changes = {(repository, name): value for name, value in (name.split("=") for name in names)}
            for place, value in changes.items():
                known = set() if number in moments and not is_late else self.allowed.get(place, {GONE})
                self.allowed[place] = known | {value}
            if is_late:
                self.late.append(changes)

    def is_dark(self, moment):
        return any(begin <= moment <= end for begin, end in self.windows)


def verify():
    connection = http.client.HTTPConnection(host, timeout=30)
    verified, found = Verified(), {}
    for (repository, name), allowed in verified.allowed.items():
        answer, manifest = call(connection, "GET", f"/v2/{repository}/manifests/{name}", expect=(200, 404), Accept=manifest_type)
        value = found[repository, name] = digest(manifest) if answer.status == 200 else GONE
        assert value in allowed, f"{repository} {name} is {value}, not one of {allowed}"
        if value != name:
            continue
        parts = json.loads(manifest)
        for blob in [parts["config"], *parts["layers"]]:
            _, data = call(connection, "GET", f"/v2/{repository}/blobs/{blob['digest']}")
            assert digest(data) == blob["digest"] and len(data) == blob["size"], f"{repository} {name}: a blob is damaged"
    print(verified.count)
    if verified.late:
        undone = sum(any(found[place] != value for place, value in changes.items()) for changes in verified.late)
        print(f"{len(verified.late)} answers without power, at most {undone} of them of changes that are undone", file=sys.stderr)


{"push": push, "verify": verify}[action]()
