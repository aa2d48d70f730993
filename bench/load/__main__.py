"""`python -m bench.load [people] [minutes]`: many people at once, against one who does as much alone.

Fails when an answer was wrong (other than that somebody was faster), when something accepted is not kept exactly once,
when history does not verify, or when the 95th percentile is more than three times that of one person at equal rate.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from statistics import quantiles

from sqlalchemy import text

from bench.figure import Figure, ms
from bench.load.house import House, open_house
from bench.load.person import Noted, Person
from bench.places import RESULTS

_PAUSE = 20.0
"""Seconds between two things that one person does, on average."""
_LIMIT = 3


def main(people: int, minutes: float) -> int:
    """Measure, check, print, and write the figure."""
    with open_house(people, 2 * people) as house:
        rate = people / _PAUSE
        alone = _alone(house, rate, seconds=min(60.0, minutes * 60))
        together = _together(house, minutes * 60)
        faults = [*alone.wrong, *together.wrong, *_missing(house, alone), *_missing(house, together)]
        found = house.engine.history.verify()
    faults += [str(each) for each in found.findings]
    figure = Figure(_p95(together) / _p95(alone), _LIMIT, "x 95th percentile of one person alone at equal rate")
    print(f"{people} people, {minutes:g} min: {len(together.seconds)} requests, {together.late} came second,")
    print(f"  95th percentile {ms(_p95(together))} against {ms(_p95(alone))}: {figure.ratio:.2f} of {figure.limit:g}")
    print(f"  {len(together.submissions)} forms, {len(together.comments)} comments, {len(together.files)} files kept")
    print(f"  {found}")
    for fault in faults[:20]:
        print(f"  FAULT {fault}")
    _write(f"p95_of_{people}_people", figure)
    return 0 if not faults and figure.held else 1


def _alone(house: House, rate: float, seconds: float) -> Noted:
    """One person who does as many things in a second as all together."""
    person = Person(house.base, house.cookies[0], 0)
    started = time.monotonic()
    turn = 0
    while time.monotonic() - started < seconds:
        person.act()
        turn += 1
        time.sleep(max(0.0, started + turn / rate - time.monotonic()))
    return person.noted


def _together(house: House, seconds: float) -> Noted:
    people = [Person(house.base, cookie, number) for number, cookie in enumerate(house.cookies, 1)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=_work, args=(person, number, until)) for number, person in enumerate(people)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    whole = Noted()
    for person in people:
        for name in ("seconds", "wrong", "submissions", "comments", "files"):
            getattr(whole, name).extend(getattr(person.noted, name))
        whole.late += person.noted.late
    return whole


def _work(person: Person, seed: int, until: float) -> None:
    chance = random.Random(seed)
    while (pause := chance.expovariate(1 / _PAUSE)) < until - time.monotonic():
        time.sleep(pause)
        try:
            person.act()
        except Exception as error:
            person.noted.wrong.append(repr(error))


def _missing(house: House, noted: Noted) -> list[str]:
    """What was accepted and is not kept exactly once."""
    asked = (
        ("history_event", "submission", noted.submissions),
        ("comment", "text", noted.comments),
        ("attachment", "name", noted.files),
    )
    found = []
    with house.engine.machinery.database.engine.connect() as connection:
        for table, column, wanted in asked:
            rows = connection.execute(text(f'SELECT {column} FROM "{table}" WHERE {column} IS NOT NULL')).scalars()
            kept = list(rows)
            found += [f"{table} has {each} {kept.count(each)} times" for each in wanted if kept.count(each) != 1]
    return found


def _p95(noted: Noted) -> float:
    return quantiles(noted.seconds, n=20)[-1]


def _write(name: str, figure: Figure) -> None:
    results = RESULTS["postgresql"]
    kept = json.loads(results.read_text()) if results.exists() else {}
    kept[name] = {"ratio": round(figure.ratio, 3), "limit": figure.limit, "unit": figure.unit}
    results.write_text(json.dumps(kept, indent=2) + "\n")


if __name__ == "__main__":
    given = sys.argv[1:]
    raise SystemExit(main(int(given[0]) if given else 200, float(given[1]) if len(given) > 1 else 10.0))
