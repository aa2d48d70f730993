"""A worker outside, as a process: `python printer.py <url> <token> <name> <journal>`. It takes a few tasks at a time,
is busy with each for a moment, now and then for longer than its lock lasts, and notes what it is answered."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import requests

LOCK = 1500
"""Milliseconds for which it locks."""


def main(url: str, token: str, name: str, journal: Path) -> None:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    wanted = {
        "workerId": name, "maxTasks": 3, "asyncResponseTimeout": 1000,
        "topics": [{"topicName": "printer", "lockDuration": LOCK, "variables": []}],
    }  # fmt: skip
    chance = random.Random(name)
    with journal.open("a") as notes:
        while True:
            given = session.post(f"{url}/external-task/fetchAndLock", json=wanted, timeout=30)
            if given.status_code != 200 or not given.json():
                time.sleep(0.05)
                continue
            for task in given.json():
                time.sleep(LOCK / 1000 + 0.1 if chance.random() < 0.02 else chance.random() * 0.03)
                body = {"workerId": name, "variables": {"by": {"value": name}}}
                answer = session.post(f"{url}/external-task/{task['id']}/complete", json=body, timeout=30)
                notes.write(f"{task['processInstanceId']} {answer.status_code}\n")
                notes.flush()
                os.fsync(notes.fileno())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
