"""kill -9 at every system call of one kind that a walk makes, over all threads, one after the other, until a walk comes to its end."""
import math
import time

from injection import Faults, fresh, recovery
from installation import Damaged, Installation
from walk import OTHER, Broken, Walk

# What changes files, and what carries answers away.
CALLS = [
    "openat", "mkdirat", "write", "pwrite64", "writev", "sendto", "sendmsg", "ftruncate", "sync_file_range", "fdatasync", "fsync", "linkat", "renameat2",
    "unlinkat",
]  # fmt: skip
# Those of the walk with a large layer, and at how many of each it is killed: one is like another.
LARGE, SPREAD = ["openat", "pwrite64", "sync_file_range", "ftruncate", "fdatasync"], 8

PLAIN = ["--encryption", "off"]


def prepare(program, folder, log, options=()):
    """A data folder with a repository, and another that has an image; and the header of a login to them."""
    with Installation(program, folder / "base", log, options) as installation:
        installation.start()
        for name in ("walk", OTHER):
            installation.client().create_repository(repositoryName=name)
        authorization = installation.authorization()
        Walk(authorization, OTHER).push_image("v1", OTHER)
        return installation.data, authorization


def kill_at_each(calls, attempt, report, title="", most=math.inf):
    """`attempt()` does, unkilled, what is to be killed, and returns how many calls of each kind that made. `attempt(call, number)` has the first call of a
    kind killed, the second, …, until it says that nothing was killed any more, five times for a number that three walks came to; or
    `most` of these, spread over them all. It returns that, and how long the restart took. Returns how often something
    was killed at calls of each kind, and the longest restart."""
    walks = [attempt() for _ in range(3 if most == math.inf else 1)]
    restarts, total = [0], {}
    for call in calls:
        made = least = min(walk[call] for walk in walks)
        step = max(1, math.ceil(made / most))
        kills, number, tries = 0, (step + 1) // 2, 0
        while number <= made or most == math.inf:
            was_killed, restart = attempt(call, number)
            restarts.append(restart)
            kills += was_killed
            # What the server does besides is not the same each time.
            number, tries = (number + step, 0) if was_killed else (number, tries + 1)
            if not was_killed and number > made:
                break
            if tries == 5:
                # So many walks came to their end without it: on a busier machine there is more to do besides.
                made = number - 1
                break
        if least and not kills:
            raise SystemExit(f"{title}{call} was never met, where {least} are always made")
        report(f"{title}{call}: killed at {kills} of {made} calls, nothing lost, longest restart {max(restarts):.2f} s")
        total[call] = kills
    return total, max(restarts)


def attempting(program, base, log, faults, occasion, act, verify):
    """An attempt (see `kill_at_each`). `act(data, arm)` does what is to be killed from `arm()` on, in a copy of the data folder `base`; what it returns
    goes to `verify(known, again)`, with a server that runs on what was left."""
    data = base.parent / "data"

    def attempt(call=None, number=0):
        fresh(base, data)
        faults.reset()
        before = {}

        def arm():
            before.update(faults.counts)
            if call:
                faults.arm(call, number)

        known = act(data, arm)
        made = {kind: count - before[kind] for kind, count in faults.counts.items()}
        with recovery(program, data, log, f"kill -9 at {call} number {number} of {occasion}") as again:
            verify(known, again)
        return (faults.fired, again.restarts[0]) if call else made

    return attempt


def walking(walks, program, folder, log, options=()):
    """An attempt of a method of `Walk`, by a server with `options`."""
    base, authorization = prepare(program, folder, log, options)
    faults = Faults(folder)

    def act(data, arm):
        walk = Walk(authorization)
        with Installation(program, data, log, options, faults=faults) as installation:
            installation.start()
            arm()
            try:
                getattr(walk, walks)()
                # The reaper takes second copies away within two seconds.
                deadline = time.monotonic() + 2.5
                while installation.is_running and time.monotonic() < deadline and len(list(data.glob("blobs/*/*"))) > len(walk.blobs):
                    time.sleep(0.02)
            except Broken as error:
                if not faults.fired:
                    raise Damaged(f"the server went away by itself: {error}") from error
        return walk

    return attempting(program, base, log, faults, f"the {walks}", act, lambda walk, again: walk.verify())


def run(program, folder, log, calls, most, report):
    """Returns how often the server was killed at calls of each kind, and the longest restart."""
    return kill_at_each(calls, walking("walk", program, folder, log), report, most=most)


def run_plain(program, folder, log, calls, most, report):
    """As `run`, of a server that encrypts nothing."""
    return kill_at_each(calls, walking("walk", program, folder, log, PLAIN), report, "plain, ", most)


def run_large(program, folder, log, calls, most, report):
    """As `run`, of a push whose layer is large, at some of the calls."""
    return kill_at_each(calls, walking("large_walk", program, folder, log), report, "large, ", min(most, SPREAD))
