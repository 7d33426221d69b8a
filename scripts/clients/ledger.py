"""Pushes small images with eight clients until it is ended, writing down what was acknowledged; or verifies all that was written down.
With `large`, one layer in forty has more than 64 MiB, which the server writes another way. A file `dark` beside the ledger has from when to when the
server ran without power, on the monotonic clock, a line each time: what it answered then need not hold.
usage: ledger.py push|verify FILE [large]"""
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
repository = "/v2/crash"
manifest_type = "application/vnd.oci.image.manifest.v1+json"


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


def location(answer):
    parts = urllib.parse.urlsplit(answer.headers["Location"])
    return parts.path, parts.query


def push_blob(connection, data):
    answer, _ = call(connection, "POST", f"{repository}/blobs/uploads/", expect=(202,))
    path, query = location(answer)
    half = random.randrange(len(data))
    for part in (data[:half], data[half:]):
        if part:
            answer, _ = call(connection, "PATCH", f"{path}?{query}", part, expect=(202,), Content_Type="application/octet-stream")
            path, query = location(answer)
    call(connection, "PUT", f"{path}?{query}&digest={digest(data)}".replace("?&", "?"), b"", expect=(201,))
    return {"digest": digest(data), "size": len(data)}


def push_image(connection, tag):
    is_large = "large" in options and random.randrange(40) == 0
    layer = os.urandom(random.randrange(65 << 20, 70 << 20) if is_large else random.randrange(1, 400_000))
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [digest(layer)]}}).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": manifest_type,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json"} | push_blob(connection, config),
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar"} | push_blob(connection, layer)],
        }
    ).encode()
    call(connection, "PUT", f"{repository}/manifests/{tag}", manifest, expect=(201,), Content_Type=manifest_type)
    return digest(manifest)


def client(number, file, lock):
    count = 0
    connection = http.client.HTTPConnection(host, timeout=30)
    while True:
        count += 1
        tag = f"c{number}-{os.getpid()}-{count}"
        try:
            pushed = push_image(connection, tag)
            with lock:
                file.write(f"{tag} {pushed} {time.monotonic():.6f}\n")
                file.flush()
        except Refused as refusal:
            print(refusal, file=sys.stderr, flush=True)
            connection.close()
            time.sleep(0.05)
        except (OSError, http.client.HTTPException):
            connection.close()
            time.sleep(0.05)


def push():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    lock = threading.Lock()
    with open(ledger, "a") as file:
        for number in range(8):
            threading.Thread(target=client, args=(number, file, lock), daemon=True).start()
        while True:
            signal.pause()


def verify():
    connection = http.client.HTTPConnection(host, timeout=30)
    dark = pathlib.Path("dark")
    windows = [tuple(map(float, line.split())) for line in dark.read_text().splitlines()] if dark.exists() else []
    count = late = gone = 0
    for tag, expected, moment in (line.split() for line in pathlib.Path(ledger).read_text().splitlines()):
        if any(begin <= float(moment) <= end for begin, end in windows):
            late += 1
            answer, _ = call(connection, "GET", f"{repository}/manifests/{tag}", expect=(200, 404), Accept=manifest_type)
            gone += answer.status == 404
            continue
        count += 1
        for reference in (tag, expected):
            _, manifest = call(connection, "GET", f"{repository}/manifests/{reference}", Accept=manifest_type)
            assert digest(manifest) == expected, f"{tag} is {digest(manifest)}, not {expected}"
        parts = json.loads(manifest)
        for blob in [parts["config"], *parts["layers"]]:
            _, data = call(connection, "GET", f"{repository}/blobs/{blob['digest']}")
            assert digest(data) == blob["digest"] and len(data) == blob["size"], f"{tag}: a blob is damaged"
    print(count)
    if late:
        print(f"{late} answers without power, {gone} of them of pushes that are gone", file=sys.stderr)


{"push": push, "verify": verify}[action]()
