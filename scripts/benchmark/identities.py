"""What many users and policies change: how long Berth takes to start, and what a decision costs."""
import json
import sqlite3
import statistics
import subprocess

import servers

# 20 statements, of which the last allows.
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "ecr:Batch*", "Resource": f"arn:aws:ecr:*:*:repository/other-{number}/*"} for number in range(19)
        ]
        + [{"Effect": "Allow", "Action": "ecr:*", "Resource": "arn:aws:ecr:*:*:repository/team/*"}],
    }
)


def fill(path, count):
    """Adds `count` users to the database of a stopped Berth, each with a key and a managed policy of its own."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    (account,) = database.execute("SELECT id FROM accounts WHERE is_default = 1").fetchone()
    (secret, now) = database.execute("SELECT secret, created_at FROM access_keys LIMIT 1").fetchone()
    database.execute("BEGIN IMMEDIATE")
    for number in range(count):
        name, user, policy = f"user-{number}", f"AIDA{number:017}", f"ANPA{number:017}"
        arn = f"arn:aws:iam::{account}:policy/{name}"
        database.execute("INSERT INTO entities VALUES (?, ?, 'user', ?, ?, '/', NULL, ?)", [user, account, name, name, now])
        database.execute("INSERT INTO access_keys VALUES (?, ?, ?, ?, 1, ?)", [f"AKIA{number:016}", account, user, secret, now])
        database.execute("INSERT INTO policies VALUES (?, ?, ?, ?, ?, '/', NULL, 1, 1, ?, ?)", [policy, account, arn, name, name, now, now])
        database.execute("INSERT INTO policy_versions VALUES (?, 1, ?, ?)", [policy, POLICY, now])
        database.execute("INSERT INTO attachments VALUES (?, ?)", [user, arn])
    database.execute("COMMIT")
    database.close()


def start_times(berth, folder, counts, rounds=5):
    """The median of the seconds from the start of the program to its readiness, for each of `counts` users and policies."""
    for count in counts:
        data = folder / f"identities-{count}"
        data.mkdir()
        servers.seconds_to_ready(berth, data)[1].stop()
        fill(data / "berth.sqlite", count)
    times = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            seconds, process = servers.seconds_to_ready(berth, folder / f"identities-{count}")
            process.stop()
            times[count].append(seconds)
    return {count: statistics.median(values) for count, values in times.items()}


def decision_cost(berth, users):
    """CPU of a signature check and of a decision with so many users and policies, by name, in microseconds."""
    lines = subprocess.run([berth, "debug", "authorization-cost", "--users", str(users)], capture_output=True, text=True, check=True).stdout
    fields = [line.split() for line in lines.splitlines() if line.endswith(" us")]
    return {" ".join(words[:-2]): float(words[-2]) for words in fields}
