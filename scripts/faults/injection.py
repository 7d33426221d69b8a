"""One system call of a server, chosen by its number over all of its threads, kills it or fails (faults.c); after a new start all must be well."""
import contextlib
import errno
import mmap
import os
import pathlib
import re
import shutil
import struct
import subprocess

from installation import Damaged, Installation
from walk import Broken

SOURCE = pathlib.Path(__file__).resolve().parent / "faults.c"
# The kinds of calls, in the library's order.
CALLS = [name.lower() for name in re.search(r"enum call \{(.*?),\s*CALLS\b", SOURCE.read_text(), re.DOTALL)[1].replace(",", " ").split()]
# process, armed, number, error, fired, seen, suffix, and a count of each kind.
CONTROL = struct.Struct(f"=iiqiiq96s{len(CALLS)}q")


def build(folder):
    """Compiles the library into `folder`; returns its path."""
    library = folder / "faults.so"
    swift = shutil.which(os.environ.get("SWIFT", "swift"))
    beside = pathlib.Path(swift).resolve().parent / "clang" if swift else None
    compiler = beside if beside and beside.exists() else "cc"
    subprocess.run([compiler, "-O2", "-Wall", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    return library


class Faults:
    """What the processes that run with `environment` count and meet; the first of them, after each `reset`."""

    library = None

    def __init__(self, folder):
        path = folder / "faults"
        path.write_bytes(bytes(CONTROL.size))
        with open(path, "r+b") as file:
            self.control = mmap.mmap(file.fileno(), CONTROL.size)
        self.environment = {"LD_PRELOAD": str(self.library), "FAULTS": str(path)}
        self.reset()

    def reset(self):
        """For another process, which meets nothing yet."""
        CONTROL.pack_into(self.control, 0, 0, -1, 0, 0, 0, 0, b"", *[0] * len(CALLS))

    def arm(self, call, number, error=None, path=""):
        """From now on the `number`th `call`, of a file whose path ends so, kills the process, or fails with `error`."""
        struct.pack_into("=i", self.control, 4, -1)
        struct.pack_into("=qiiq96s", self.control, 8, number, getattr(errno, error) if error else 0, 0, 0, path.encode())
        struct.pack_into("=i", self.control, 4, CALLS.index(call))

    @property
    def fired(self):
        return CONTROL.unpack_from(self.control)[4] != 0

    @property
    def seen(self):
        """How many calls there were of the kind that is armed, and of such files."""
        return CONTROL.unpack_from(self.control)[5]

    @property
    def counts(self):
        """By kind, all calls that the process has made so far."""
        return dict(zip(CALLS, CONTROL.unpack_from(self.control)[7:]))


def fresh(base, data):
    """Makes `data` a copy of the data folder `base`; what was there is gone."""
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(base, data, ignore=shutil.ignore_patterns("berth.sock"))


@contextlib.contextmanager
def recovery(program, data, log, occasion):
    """A server that starts on what `occasion` left; berth fsck reads all after the block. Raises `Damaged`, which names the occasion."""
    with Installation(program, data, log) as server:
        try:
            server.start()
            yield server
            server.end()
            server.check()
        except (Damaged, Broken) as error:
            raise Damaged(f"after {occasion}: {error}") from error
