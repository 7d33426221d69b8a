"""kill -9 at every system call of the collector, of a migration, of another key for a repository."""
import contextlib
import os
import signal
import sqlite3
import subprocess
import time

from botocore.exceptions import BotoCoreError

import killpoints
from injection import Faults
from installation import Damaged, Installation
from killpoints import attempting, kill_at_each
from walk import Broken, Walk

COLLECTING = ["pwrite64", "ftruncate", "fdatasync", "fsync", "renameat2", "unlinkat"]
MIGRATING = ["openat", "write", "pwrite64", "ftruncate", "fdatasync", "fsync", "renameat2", "unlinkat"]
REENCRYPTING = ["openat", "pwrite64", "ftruncate", "sync_file_range", "fdatasync", "fsync", "renameat2", "unlinkat"]
# Takes back migrations 20 to 90, 210, 220, 240, 241 and 260, the newest first.
EARLIER = """
    DROP TABLE renewals; DROP TABLE retired_grants; DROP INDEX repos_changing;
    ALTER TABLE uploads DROP COLUMN key_number; ALTER TABLE repo_blobs DROP COLUMN key_number;
    ALTER TABLE repos DROP COLUMN former_sealed_key; ALTER TABLE repos DROP COLUMN former_domain; ALTER TABLE repos DROP COLUMN former_kms_grant;
    ALTER TABLE repos DROP COLUMN former_kms_key; ALTER TABLE repos DROP COLUMN former_encryption; ALTER TABLE repos DROP COLUMN key_number;
    DROP TABLE deleted_subjects; DROP INDEX events_unclaimed;
    DROP INDEX manifest_bytes_plain; DROP INDEX blobs_plain; ALTER TABLE manifest_bytes DROP COLUMN sealed;
    ALTER TABLE uploads DROP COLUMN progress; ALTER TABLE uploads DROP COLUMN wrap; ALTER TABLE blobs DROP COLUMN keyed_at;
    ALTER TABLE blobs DROP COLUMN generation; ALTER TABLE blobs DROP COLUMN sealed_bytes; ALTER TABLE repo_blobs DROP COLUMN wrap;
    ALTER TABLE repos DROP COLUMN sealed_key;
    ALTER TABLE repos DROP COLUMN kms_grant; ALTER TABLE repos DROP COLUMN kms_key; ALTER TABLE repos DROP COLUMN encryption;
    DROP TABLE holds; DROP INDEX blobs_damaged; DROP TABLE scrub;
    DROP TABLE repo_pulls; DROP TABLE repo_logos; DROP TABLE repo_catalog_data; DROP TABLE public_aliases; DROP TABLE public_registries;
    ALTER TABLE registry_totals DROP COLUMN bytes; ALTER TABLE registry_totals DROP COLUMN images;
    DROP TABLE pull_time_exclusions; DROP TABLE pulls; DROP TABLE creation_templates; DROP TABLE events;
    DROP INDEX manifest_children_parent; DROP INDEX manifest_blobs_rev; CREATE INDEX manifest_blobs_rev ON manifest_blobs (repo_id, blob_id);
    DROP INDEX manifests_activating; DROP TABLE archive_queue; ALTER TABLE blobs DROP COLUMN archived_bytes;
    DROP TABLE lifecycle_marks; DROP TABLE lifecycle_sweeps; DROP TABLE lifecycle_policies;
    DROP INDEX manifests_inactive; DROP INDEX manifests_activated; ALTER TABLE manifests DROP COLUMN activated_at;
    ALTER TABLE manifests DROP COLUMN archived_at; ALTER TABLE manifests DROP COLUMN status;
    DELETE FROM schema_version WHERE version BETWEEN 20 AND 90 OR version IN (210, 220, 240, 241, 260);
"""
GARBAGE = 6


def change(data, statements):
    # A connection that is left to be closed some time would take the log away while the folder is copied.
    with contextlib.closing(sqlite3.connect(data / "berth.sqlite")) as database, database:
        database.executescript(statements)


def with_garbage(program, folder, log, options=()):
    """A data folder with images, and as many blobs that no image names and no lease holds; the walk that made them."""
    base, authorization = killpoints.prepare(program, folder, log, options)
    with Installation(program, base, log, options) as installation:
        installation.start()
        walk = Walk(authorization)
        walk.walk()
        for _ in range(GARBAGE):
            walk.push_blob(os.urandom(3000))
        walk.blobs = {}
    change(base, "UPDATE repo_blobs SET lease_until = 0; UPDATE gc_queue SET due_at = 0, lease_until = 0")
    return base, walk


def wait_for_collection(installation, data):
    """Until nothing is left that no image names; false when the server is gone before."""
    deadline = time.monotonic() + 60
    while installation.is_running and time.monotonic() < deadline:
        with contextlib.closing(sqlite3.connect(f"file:{data}/berth.sqlite?mode=ro", uri=True)) as database:
            named, due = (database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("blobs", "tombstones"))
            wanted = database.execute("SELECT COUNT(DISTINCT blob_id) FROM manifest_blobs").fetchone()[0]
        if named == wanted and due == 0:
            return True
        # What a killed collector had claimed is free after half a minute.
        time.sleep(0.02)
    if installation.is_running:
        raise Damaged(f"{named - wanted} blobs and {due} objects are never collected")
    return False


def expect_nothing_else(installation):
    """Waits for the reaper; then every file is a blob's, or an open upload's. What a killed process had not done with is due when the next one starts."""
    deadline, data = time.monotonic() + 60, installation.data
    while time.monotonic() < deadline:
        with contextlib.closing(sqlite3.connect(data / "berth.sqlite", timeout=10)) as database, database:
            # Sources stay a minute for those who have just looked up their names.
            database.execute("UPDATE tombstones SET delete_after = 0 WHERE delete_after < ?", [time.time() * 1000 + 61_000])
            buried = database.execute("SELECT COUNT(*) FROM tombstones").fetchone()[0]
            named = {row[0] for row in database.execute("SELECT object_key FROM blobs UNION SELECT object_key FROM uploads WHERE state = 0")}
        extra = {"/".join(file.parts[-2:]) for area in ("blobs", "uploads") for file in data.glob(f"{area}/*/*")} - named
        if buried == 0 and not extra:
            return
        time.sleep(0.05)
    raise Damaged(f"{buried} objects are never removed, or belong to nothing: {extra}")


def collecting(program, folder, log, calls, most, report):
    """Returns how often the collector was killed at calls of each kind, and the longest restart."""
    base, walk = with_garbage(program, folder, log)
    faults = Faults(folder)

    def act(data, arm):
        arm()
        with Installation(program, data, log, faults=faults) as installation, unless_killed(faults):
            installation.start()
            wait_for_collection(installation, data)

    def verify(_, again):
        # What it had claimed is free after half a minute.
        change(again.data, "UPDATE gc_queue SET lease_until = 0; UPDATE tombstones SET lease_until = 0")
        walk.verify()
        wait_for_collection(again, again.data)
        expect_nothing_else(again)

    return kill_at_each(calls, attempting(program, base, log, faults, "the collector", act, verify), report, "collector, ", most)


def migrating(program, folder, log, calls, most, report):
    """As `collecting`, of the first start on a data folder of an earlier format, whose walk is stored plain."""
    base, walk = with_garbage(program, folder, log, killpoints.PLAIN)
    faults = Faults(folder)
    change(base, EARLIER)

    def act(data, arm):
        arm()
        # Checking the folder opens it as the server does, migrates it, and ends.
        command(faults, log, program, "fsck", "--json", "--data", str(data))

    return kill_at_each(calls, attempting(program, base, log, faults, "a migration", act, lambda _, again: walk.verify()), report, "migration, ", most)


def reencrypting(program, folder, log, calls, most, report):
    """As `collecting`, of the command that gives a repository another key; given again it comes to its end."""
    base, walk = with_garbage(program, folder, log)
    faults = Faults(folder)
    words = [program, "keys", "reencrypt", "--repository", "walk", "--encryption-type", "KMS", "--data"]

    def act(data, arm):
        arm()
        command(faults, log, *words, str(data))

    def verify(_, again):
        walk.verify()
        # The server runs; the command tells it.
        subprocess.run([*words, str(again.data)], stdout=log, stderr=log, check=True)
        walk.verify()
        found = again.client().describe_repositories(repositoryNames=["walk"])["repositories"][0]["encryptionConfiguration"]
        if found["encryptionType"] != "KMS":
            raise Damaged(f"the repository is under {found}")
        wait_for_collection(again, again.data)
        expect_nothing_else(again)

    return kill_at_each(calls, attempting(program, base, log, faults, "another key's coming", act, verify), report, "another key, ", most)


def command(faults, log, *words):
    """Runs a command, which ends well, or as it is killed."""
    status = subprocess.run(words, stdout=log, stderr=log, env=os.environ | faults.environment).returncode
    if status != (-signal.SIGKILL if faults.fired else 0):
        raise Damaged(f"{' '.join(map(str, words))}: status {status}")


@contextlib.contextmanager
def unless_killed(faults):
    """Passes over what comes of the server's being killed, as it was to be."""
    try:
        yield
    except (Damaged, Broken, OSError, BotoCoreError):
        if not faults.fired:
            raise
