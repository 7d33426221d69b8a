"""kill -9 at every system call with which an image goes to the archive and comes back."""
import contextlib
import sqlite3
import time

from injection import Faults
from installation import Damaged, Installation
from killpoints import attempting, kill_at_each, prepare
from steps import change, unless_killed
from walk import Walk

CALLS = ["openat", "pwrite64", "ftruncate", "sync_file_range", "fdatasync", "fsync", "renameat2", "unlinkat"]
# As the table of blobs has them.
SOUND, IN_ARCHIVE = 0, 3
NAMES = {"repositoryName": "walk", "imageIds": [{"imageTag": "kept"}]}


class Image:
    """The image `kept`. `allowed` are the states in which it may be after what was acknowledged and what is under way."""

    def __init__(self, installation, data):
        self.ecr, self.installation, self.data = installation.client(), installation, data
        self.allowed = {"ACTIVE"}

    @property
    def state(self):
        # Without the filter there are only those that can be pulled.
        return self.ecr.describe_images(**NAMES, filter={"imageStatus": "ANY"})["imageDetails"][0].get("imageStatus", "ACTIVE")

    def move(self, target, *states):
        self.allowed |= set(states)
        self.ecr.update_image_storage_class(repositoryName="walk", imageId={"imageTag": "kept"}, targetStorageClass=target)
        self.allowed = set(states)

    def archive(self):
        """Returns when its layers are in the archive alone."""
        self.move("ARCHIVE", "ARCHIVED")
        self.wait(IN_ARCHIVE, "archive/blobs", "blobs")

    def restore(self):
        self.move("STANDARD", "ACTIVATING", "ACTIVE")
        self.wait_for_active()

    def wait_for_active(self):
        """Until its layers are in the archive no more, nor anything else that a killed server left there."""
        self.wait(SOUND, "blobs", "archive/blobs")
        if self.state != "ACTIVE":
            raise Damaged(f"the image is {self.state} with all of its layers there")

    def wait(self, state, there, gone):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not self.installation.is_running:
                raise Damaged("the server went away")
            with contextlib.closing(sqlite3.connect(self.data / "berth.sqlite", timeout=10)) as database, database:
                # A second try comes after ten minutes.
                database.execute("UPDATE archive_queue SET due_at = 0 WHERE due_at > 0")
                under_way = "SELECT (SELECT COUNT(*) FROM blobs WHERE state <> ?) + (SELECT COUNT(*) FROM manifests WHERE status = 2)"
                if database.execute(under_way, [state]).fetchone()[0] == 0:
                    # Former copies stay a minute for who still reads them.
                    database.execute("UPDATE tombstones SET delete_after = 0, lease_until = 0 WHERE delete_after < ?", [time.time() * 1000 + 61_000])
            if len(list(self.data.glob(f"{there}/*/*"))) == 2 and not list(self.data.glob(f"{gone}/*/*")):
                return
            time.sleep(0.05)
        raise Damaged(f"the image never comes to {there}, or never leaves {gone}")


def archived(program, folder, log):
    """A data folder with the image alone, which no lease holds; the walk that pushed it."""
    base, authorization = prepare(program, folder, log)
    with Installation(program, base, log) as installation:
        installation.start()
        walk = Walk(authorization)
        walk.push_image("kept", "kept", size=200_000)
        other = installation.client()
        other.delete_repository(repositoryName="other", force=True)
    change(base, "UPDATE repo_blobs SET lease_until = 0; UPDATE gc_queue SET due_at = 0")
    with Installation(program, base, log) as installation:
        installation.start()
        deadline = time.monotonic() + 60
        while installation.objects() > 2:
            if time.monotonic() > deadline:
                raise Damaged("the deleted repository's objects stay")
            time.sleep(0.05)
    return base, walk


def run(program, folder, log, calls, most, report):
    """Returns how often the server was killed at calls of each kind while an image was archived and restored, and the longest restart."""
    base, walk = archived(program, folder, log)
    faults = Faults(folder)

    def act(data, arm):
        with Installation(program, data, log, faults=faults) as installation:
            installation.start()
            image = Image(installation, data)
            arm()
            with unless_killed(faults):
                image.archive()
                image.restore()
        return image

    def verify(image, again):
        # What it had claimed is free after half a minute.
        change(again.data, "UPDATE tombstones SET lease_until = 0")
        found = Image(again, again.data)
        if found.state not in image.allowed:
            raise Damaged(f"the image is {found.state}, not one of {image.allowed}")
        if found.state == "ARCHIVED":
            found.restore()
        found.wait_for_active()
        walk.verify()

    return kill_at_each(calls, attempting(program, base, log, faults, "the tiers", act, verify), report, "tiers, ", most)
