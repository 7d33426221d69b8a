"""kill -9 at system calls of a backup and of what restores it."""
import copy
import shutil
import subprocess

from injection import Faults, fresh, recovery
from installation import Damaged, Installation
from killpoints import SPREAD, attempting, kill_at_each
from steps import command, wait_for_collection, with_garbage

CALLS = ["openat", "mkdirat", "write", "pwrite64", "ftruncate", "fdatasync", "fsync", "renameat2", "unlinkat"]


def done(log, *words):
    """Runs a command to its end."""
    subprocess.run(list(map(str, words)), stdout=log, stderr=log, check=True)


def backed_up(program, folder, log):
    """A data folder and a backup of it, after which one image was pushed and the garbage went; the walks as they were before and after."""
    base, before = with_garbage(program, folder, log)
    backup = folder / "base-backup"
    done(log, program, "backup", "--with-root-key", "--data", base, backup)
    after = copy.deepcopy(before)
    with Installation(program, base, log) as installation:
        installation.start()
        after.push_image("after", "after")
        wait_for_collection(installation, base)
    return base, backup, before, after


def backing_up(program, folder, log, calls, most, report):
    """Returns how often a backup that has an earlier one to bring up to date was killed at calls of each kind, and the longest restart of the server
    that goes on. What was restored of the backup starts, too: the earlier state or the later one, and after another backup the newest."""
    base, made, before, after = backed_up(program, folder, log)
    backup, restored, faults = folder / "backup", folder / "restored", Faults(folder)
    words = [program, "backup", "--with-root-key", str(backup), "--data"]

    def act(data, arm):
        fresh(made, backup)
        arm()
        command(faults, log, *words, str(data))

    def verify_backup(walk, occasion):
        shutil.rmtree(restored, ignore_errors=True)
        done(log, program, "restore", "--data", restored, backup)
        with recovery(program, restored, log, occasion):
            walk.verify()

    def verify(_, again):
        after.verify()
        newest = copy.deepcopy(after)
        newest.push_image("newest", "newest")
        again.end()
        verify_backup(before, "a backup that was killed")
        done(log, *words, again.data)
        verify_backup(newest, "a backup after one that was killed")

    return kill_at_each(calls, attempting(program, base, log, faults, "a backup", act, verify), report, "backup, ", min(most, SPREAD))


def restoring(program, folder, log, calls, most, report):
    """As `backing_up`, of the command that makes a data folder of a backup; given again it comes to its end."""
    _, backup, before, _ = backed_up(program, folder, log)
    nothing, faults = folder / "nothing", Faults(folder)
    nothing.mkdir()

    def act(data, arm):
        words = [program, "restore", "--data", str(data), str(backup)]
        arm()
        command(faults, log, *words)
        if not (data / "berth.sqlite").exists():
            if not faults.fired:
                raise Damaged("nothing was restored")
            done(log, *words)

    attempt = attempting(program, nothing, log, faults, "a restore", act, lambda _, again: before.verify())
    return kill_at_each(calls, attempt, report, "restore, ", min(most, SPREAD))
