"""Fills the database of a stopped Berth with images by SQL, as no client could in a reasonable time. `berth fsck` finds nothing wrong with it."""
import hashlib
import json
import random
import sqlite3

import registry

PER_REPOSITORY = 100_000  # the most that a repository may hold


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
