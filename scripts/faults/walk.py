"""A walk through pushes and deletions that knows, after every answer, what the registry must hold."""
import hashlib
import http.client
import json
import os
import urllib.parse

from installation import Damaged, Installation

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
BYTES = "application/octet-stream"
# Where there is an image already, which walks mount.
OTHER = "other"
ABSENT = None


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Broken(Exception):
    """The server went away before it answered."""


class Walk:
    """`tags` and `images` are what was acknowledged, `deleted` the images that were deleted. While a call is under way, `pending` says what it may have
    changed already."""

    def __init__(self, authorization, repository="walk"):
        self.authorization, self.repository = authorization, f"/v2/{repository}"
        self.tags, self.images, self.blobs = {}, {}, {}
        self.deleted = set()
        self.pending = None
        self.acknowledged = 0

    def call(self, method, path, body=None, expect=(200,), **headers):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", Installation.port, timeout=20)
            connection.request(method, path, body, self.authorization | {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Broken(str(error)) from error
        if answer.status not in expect:
            raise Damaged(f"{method} {path}: {answer.status} {data[:300]}")
        return answer, data

    def step(self, pending, *call, **options):
        """A call that changes what the registry holds, once it is acknowledged: `pending` is (kind, name, new value)."""
        self.pending = pending
        answer = self.call(*call, **options)
        kind, name, value = pending
        getattr(self, kind)[name] = value
        if kind == "images" and value is ABSENT:
            self.deleted.add(name)
        self.pending = None
        self.acknowledged += 1
        return answer

    def push_blob(self, data, way="pieces"):
        """`way` is a method below."""
        getattr(self, way)(("blobs", digest(data), data), f"{self.repository}/blobs/uploads/", data)
        return {"digest": digest(data), "size": len(data)}

    def begun(self, uploads):
        """Where an upload is."""
        answer, _ = self.call("POST", uploads, b"", expect=(202,))
        return urllib.parse.urlsplit(answer.headers["Location"]).path

    def at_once(self, pending, uploads, data):
        """With one request, as a small blob may be."""
        self.step(pending, "POST", f"{uploads}?digest={digest(data)}", data, expect=(201,), Content_Type=BYTES)

    def whole(self, pending, uploads, data):
        """As containerd does it."""
        self.step(pending, "PUT", f"{self.begun(uploads)}?digest={digest(data)}", data, expect=(201,), Content_Type=BYTES)

    def pieces(self, pending, uploads, data):
        """As docker does it, which may send many."""
        self.parts(pending, uploads, data, [len(data) // 2, len(data)])

    def rest(self, pending, uploads, data):
        """With the last piece in the request that completes it."""
        self.parts(pending, uploads, data, [len(data) // 2])

    def parts(self, pending, uploads, data, ends):
        place = self.begun(uploads)
        for begin, end in zip([0, *ends], ends):
            self.call("PATCH", place, data[begin:end], expect=(202,), Content_Type=BYTES)
        self.step(pending, "PUT", f"{place}?digest={digest(data)}", data[ends[-1] :], expect=(201,), Content_Type=BYTES)

    def mounted(self, pending, uploads, data):
        """Out of another repository, which has it."""
        self.step(pending, "POST", f"{uploads}?mount={digest(data)}&from={OTHER}", b"", expect=(201,))

    def push_image(self, tag, seed, config_way="pieces", layer_way="pieces", size=70_000):
        config = json.dumps({"architecture": "amd64", "os": "linux", "seed": seed}).encode()
        layer = hashlib.shake_128(seed.encode()).digest(size)
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": "application/vnd.oci.image.config.v1+json"} | self.push_blob(config, config_way),
                "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar"} | self.push_blob(layer, layer_way)],
            }
        ).encode()
        self.images.setdefault(digest(manifest), ABSENT)
        self.deleted.discard(digest(manifest))
        self.step(("tags", tag, manifest), "PUT", f"{self.repository}/manifests/{tag}", manifest, expect=(201,), Content_Type=MANIFEST)
        self.images[digest(manifest)] = manifest
        return manifest

    def walk(self):
        """Pushes in all ways, moves and deletes tags and images, and pushes again what is there, whose second copy the reaper takes away."""
        name = os.urandom(4).hex()
        first = self.push_image("moving", f"{name}-1", "at_once", "pieces")
        self.push_image("moving", f"{name}-2", "whole", "rest")
        self.push_image(f"kept-{name}", f"{name}-3", "rest", "whole")
        self.push_image("gone", f"{name}-4", "pieces", "at_once")
        self.step(("tags", "gone", ABSENT), "DELETE", f"{self.repository}/manifests/gone", expect=(202,))
        self.step(("images", digest(first), ABSENT), "DELETE", f"{self.repository}/manifests/{digest(first)}", expect=(202,))
        self.push_image(f"mounted-{name}", OTHER, "mounted", "mounted")
        self.push_image(f"again-{name}", f"{name}-3", "at_once", "rest")

    def large_walk(self):
        """Pushes a layer that is written back while it comes and, from 64 MiB on, past the page cache."""
        self.push_image("large", os.urandom(4).hex(), size=(64 << 20) + 300_000, config_way="at_once", layer_way="pieces")

    def verify(self):
        """Everything acknowledged is there, and the one call that was under way happened or did not. Raises `Damaged`."""
        kind, name, value = self.pending or (None, None, None)
        for tag, manifest in list(self.tags.items()) + ([(name, value)] if kind == "tags" and name not in self.tags else []):
            allowed = {manifest} | ({value} if (kind, name) == ("tags", tag) else set())
            if kind == "tags" and name == tag and tag not in self.tags:
                allowed.add(ABSENT)
            found = self.manifest(tag)
            if found not in allowed:
                raise Damaged(f"tag {tag} is {found and digest(found)}, not one of {[each and digest(each) for each in allowed]}")
            self.tags[tag] = found
            if found:
                self.images[digest(found)] = found
        for image, manifest in self.images.items():
            if manifest is not ABSENT and not (kind == "images" and name == image):
                if self.manifest(image) != manifest:
                    raise Damaged(f"image {image} is gone or differs")
                parts = json.loads(manifest)
                for part in [parts["config"], *parts["layers"]]:
                    self.verify_blob(part["digest"])
        for image in self.deleted:
            if self.manifest(image) is not ABSENT:
                raise Damaged(f"image {image} was deleted and is back")
        if kind == "images":
            self.images[name] = self.manifest(name)
        for blob in self.blobs:
            self.verify_blob(blob)
        self.pending = None

    def manifest(self, reference):
        answer, data = self.call("GET", f"{self.repository}/manifests/{reference}", expect=(200, 404), Accept=MANIFEST)
        return data if answer.status == 200 else ABSENT

    def verify_blob(self, name):
        _, data = self.call("GET", f"{self.repository}/blobs/{name}")
        if digest(data) != name:
            raise Damaged(f"blob {name} has other bytes")
