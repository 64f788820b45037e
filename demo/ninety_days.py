"""The ordinary days: some fifteen matters a weekday, each with a life of its own, and most of them end well.

What may come is in matters.toml and customers.toml. `ordinary_days` draws the plan, the same for the same day; what
becomes of it is in the_life_of_a_case.py.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from demo.telling import Cast, Place
from guixin.serve.models import Case
from guixin.understand.arriving import Arrival, arrive
from guixin.understand.models import Customer
from guixin.worktime import opens_next

HERE = Path(__file__).parent
FRONT_DESK = ("gu", "shen", "meng")
COORDINATOR = "xu"
TOLD_IN_FULL = 30  # days; what lies before comes from the old register
LONGEST_AGO_STUCK = 8  # days: what nobody touches longer would have been found


@cache
def matters() -> dict[str, dict]:
    return tomllib.loads((HERE / "matters.toml").read_text(encoding="utf-8"))


@cache
def customers_file() -> dict[str, Any]:
    return tomllib.loads((HERE / "customers.toml").read_text(encoding="utf-8"))


@dataclass
class Planned:
    """One matter of one day, before it happens. `turns` are the ways in which it leaves the straight path."""

    place: Place
    matter: Mapping[str, Any]
    customer: int | None  # place in the list; none: said by a QR card or a colleague
    by: str | None  # who takes it in; none: the customer did it without us
    channel: str
    turns: frozenset[str]
    words: Mapping[str, Any]
    severity: int = 2
    second: Place | None = None  # of the duplicate that is merged into it
    seen: set[int] = field(default_factory=set)  # tasks somebody is at work on
    case: Case | None = None  # once it is told

    def say(self, text: str) -> str:
        return text.format_map(self.words)


# -- the plan ------------------------------------------------------------------------------------------------------


def ordinary_days(cast: Cast, present: datetime, last: int = TOLD_IN_FULL) -> list[Planned]:
    """What comes in during the `last` days up to the present, in the order in which it comes."""
    chance = Random("锦链")
    catalogue = matters()
    often = [each["often"] for each in catalogue.values()]
    known, people = len(customers_file()["companies"]), len(customers_file()["persons"])
    complained: dict[tuple[int, str], datetime] = {}
    planned = []
    today = present.astimezone(cast.calendars["desk"].zone).date()
    for ago in range(TOLD_IN_FULL, -1, -1):
        day = today - timedelta(days=ago)
        for at in list(_moments(cast, day, chance)):
            matter = chance.choices(list(catalogue.values()), often)[0]
            words = some_words(chance)
            who = _customer(chance, matter, known, people, complained, at)
            channel = _channel(chance, matter)
            turns = _turns(chance, matter, ago)
            if ago > last or at >= present:
                continue  # drawn all the same: a shorter history is the end of the longer one
            planned.append(
                Planned(
                    place=Place(at), matter=matter, customer=None if channel in ("qr", "internal") else who,
                    by=None if channel in ("web", "qr") else FRONT_DESK[words["n"] % len(FRONT_DESK)],
                    channel=channel, turns=turns, words=words, severity=matter["severity"][words["n"] % len(matter["severity"])],
                    second=Place(at + timedelta(hours=1)) if "comes twice" in turns else None,
                )
            )  # fmt: skip
    return planned


def _moments(cast: Cast, day: date, chance: Random) -> Iterator[datetime]:
    zone = cast.calendars["desk"].zone
    ten = datetime.combine(day, time(10), zone)
    works = opens_next(cast.calendars["quality"], ten) == ten
    number = chance.randint(12, 18) if works else chance.randint(3, 7)
    minutes = sorted(int(chance.triangular(8 * 60 + 5, 19 * 60 + 40, 10 * 60 + 30)) for _ in range(number))
    for minute in minutes:
        yield datetime.combine(day, time(minute // 60, minute % 60, chance.randrange(60)), zone)


def some_words(chance: Random) -> dict[str, Any]:
    known = customers_file()
    return {
        "product": chance.choice(known["products"]),
        "colour": chance.choice(known["colours"]),
        "count": chance.choice([300, 500, 800, 1200, 2000, 3000, 5000]),
        "order": f"J{chance.randrange(24000, 26999)}",
        "lot": f"L{chance.randrange(1, 13):02d}-{chance.randrange(100, 400)}",
        "n": chance.randrange(2, 10),
    }


def _customer(
    chance: Random, matter: Mapping, known: int, people: int, complained: dict, at: datetime
) -> int:
    """The same complaint of the same customer within a month is raised at once, so it happens seldom."""
    for _attempt in range(30):
        who = chance.randrange(known) if chance.random() < 0.86 else known + chance.randrange(people)
        before = complained.get((who, matter["category"]))
        if before is None or at - before > timedelta(days=31) or chance.random() < 0.03:
            break
    if matter["kind"] == "complaint":
        complained[who, matter["category"]] = at
    return who


def _channel(chance: Random, matter: Mapping) -> str:
    if matter.get("internal"):
        return "internal"
    if matter["kind"] in ("suggestion", "praise") and chance.random() < 0.5:
        return "qr"
    return chance.choices(["phone", "chat", "email", "web", "visit"], [46, 22, 14, 15, 3])[0]


OFTEN = {
    "late to confirm": 0.04, "late to accept": 0.05, "late with the result": 0.09, "asks": 0.12, "more time": 0.07,
    "no more time": 0.03, "passed on": 0.04, "sent back": 0.03, "waits": 0.1, "urges": 0.08, "comes twice": 0.03,
    "not solved": 0.03, "dissatisfied": 0.04, "not reached": 0.08, "by hand": 0.02, "confirms": 0.15, "photo": 0.05,
    "forgets the deadline": 0.15, "stuck": 0.05, "nobody asks": 0.04, "sits on it": 0.06,
}  # fmt: skip


def _turns(chance: Random, matter: Mapping, ago: int) -> frozenset[str]:
    turns = {turn for turn, share in OFTEN.items() if chance.random() < share}
    if ago > LONGEST_AGO_STUCK or matter.get("desk_only"):
        turns.discard("stuck")
    if ago > 5:
        turns -= {"nobody asks", "sits on it"}
    return frozenset(turns)


# -- customers -----------------------------------------------------------------------------------------------------


def known_customers(now: datetime) -> list[Customer]:
    """All of them, in the order of the file. Who is there already is taken as they are."""
    known = customers_file()
    everybody = [("company", *row) for row in known["companies"]] + [
        ("person", *row, "") for row in known["persons"]
    ]
    found = arrive(
        [
            Arrival(kind=kind, name=name, identities=[("phone", phone)])
            for kind, name, phone, _buys in everybody
        ],
        now=now,
    )
    return [customer for customer, _new in found]


# -- one life ------------------------------------------------------------------------------------------------------


# -- people beside -------------------------------------------------------------------------------------------------


# -- how it stands -------------------------------------------------------------------------------------------------
