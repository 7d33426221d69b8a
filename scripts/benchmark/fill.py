"""Fills a stopped Berth by SQL, as no client could in a reasonable time: with images, in which `berth fsck` finds nothing wrong, or with garbage."""
import contextlib
import hashlib
import json
import random
import sqlite3
import time

import registry

PER_REPOSITORY = 100_000  # the most that a repository may hold
# The ids of garbage begin here, and end before twice of it; those that Berth gives are larger.
GARBAGE = 1_000_000


def image(number, config, layer):
    """The bytes of an image of these two descriptors that differs from all others."""
    return json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": registry.MANIFEST_TYPE,
            "config": config,
            "layers": [layer],
            "annotations": {"org.opencontainers.image.revision": f"{number:040x}"},
        }
    ).encode()


def blob(database, digest):
    """Id and size of a blob that was pushed."""
    return database.execute("SELECT id, size FROM blobs WHERE digest = ?", [bytes.fromhex(digest.removeprefix("sha256:"))]).fetchone()


def add_garbage(data, count):
    """Adds `count` blobs that are due for the collector, rows and files, to the stopped Berth in `data`: each like its only blob, which no image names."""
    with contextlib.closing(sqlite3.connect(data / "berth.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN IMMEDIATE")
        (model, key) = database.execute("SELECT id, object_key FROM blobs").fetchone()
        content = (data / "blobs" / key).read_bytes()
        for id in range(GARBAGE, GARBAGE + count):
            digest = hashlib.sha256(b"%d" % id).digest()
            name = digest.hex()[:32]
            key = f"{name[:2]}/{name}"
            (data / "blobs" / key).write_bytes(content)
            database.execute(
                "INSERT INTO blobs (id, domain, digest, size, object_key, created_at, sealed_bytes, generation, keyed_at)"
                " SELECT ?, domain, ?, size, ?, created_at, sealed_bytes, generation, keyed_at FROM blobs WHERE id = ?",
                [id, digest, key, model],
            )  # fmt: skip
            database.execute(
                "INSERT INTO repo_blobs (repo_id, blob_id, lease_until, wrap, key_number)"
                " SELECT repo_id, ?, 0, wrap, key_number FROM repo_blobs WHERE blob_id = ?",
                [id, model],
            )  # fmt: skip
            # What has waited for long is collected faster.
            database.execute(
                "INSERT INTO gc_queue (repo_id, blob_id, due_at) SELECT repo_id, ?, ? FROM repo_blobs WHERE blob_id = ?", [id, int(time.time() * 1000), model])
        database.execute("COMMIT")


def garbage_left(data):
    """How much of it the collector of a running Berth has not come to."""
    with contextlib.closing(sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)) as database:
        return database.execute("SELECT COUNT(*) FROM gc_queue WHERE blob_id BETWEEN ? AND ?", [GARBAGE, 2 * GARBAGE]).fetchone()[0]


def fill(path, config_digest, layer_digest, images, tags_each, per_repository=PER_REPOSITORY):
    """Adds `images` to the repositories `scale-0`, `scale-1` and so on, which must be there; each has the two blobs and `tags_each` tags."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -1000000")
    (config, config_size), (layer, layer_size) = blob(database, config_digest), blob(database, layer_digest)
    descriptors = (
        {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config_digest, "size": config_size},
        {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer_digest, "size": layer_size},
    )
    generator = random.Random(1)
    begin = database.execute("SELECT max(created_at) FROM repos").fetchone()[0]
    for first in range(0, images, per_repository):
        count = min(per_repository, images - first)
        (repository,) = database.execute("SELECT id FROM repos WHERE name = ?", [f"scale-{first // per_repository}"]).fetchone()
        database.execute("BEGIN IMMEDIATE")
        # Spread over a wide range as the ids of a server are, and below its own.
        rows = [(number, 1_000_000 + number, image(number, *descriptors)) for number in range(first, first + count)]
        database.executemany(
            "INSERT INTO manifests (id, repo_id, digest, media_type, artifact_type, config_type, payload_bytes, total_bytes, pushed_at, tag_count)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (id, repository, hashlib.sha256(payload).digest(), registry.MANIFEST_TYPE, descriptors[0]["mediaType"],
                 descriptors[0]["mediaType"], len(payload), config_size + layer_size, begin + generator.randrange(86_400_000), tags_each)
                for _, id, payload in rows
            ),
        )  # fmt: skip
        database.executemany("INSERT INTO manifest_bytes (manifest_id, payload) VALUES (?, ?)", ((id, payload) for _, id, payload in rows))
        database.executemany("INSERT INTO manifest_blobs VALUES (?, ?, ?)", ((id, blob, repository) for _, id, _ in rows for blob in (config, layer)))
        tags = sorted((f"v{number}.{tag}", id) for number, id, _ in rows for tag in range(tags_each))
        database.executemany("INSERT INTO tags VALUES (?, ?, ?, ?, 1)", ((repository, name, id, begin) for name, id in tags))
        database.execute(
            "INSERT INTO repo_totals VALUES (?, ?, ?) ON CONFLICT (repo_id) DO UPDATE SET images = excluded.images, bytes = excluded.bytes",
            [repository, count, count * (config_size + layer_size)],
        )
        database.execute("COMMIT")
        print(f"{first + count} images", flush=True)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
