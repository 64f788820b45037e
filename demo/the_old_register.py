"""The sixty days before the firm had Guixin: lines of its old register, taken in as they stood there.

Only when each came, what was promised and when it was closed is known of them, and the case says where it is from.
So the first two months cost seconds, and nobody is said to have done what no register can tell.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from demo.ninety_days import FRONT_DESK, TOLD_IN_FULL, matters, some_words
from demo.telling import Cast, hours, next_number
from guixin.serve.past import PastCase, past_promise, take_in
from guixin.understand.models import Customer
from guixin.worktime import opens_next

SOURCE = "旧客诉台账"
REACHES_BACK = 90  # days
PROMISED = 40  # working hours of the department
AT_ONCE = 500


def lines(cast: Cast, present: datetime, customers: Sequence[Customer]) -> list[PastCase]:
    """The register, in the order in which things came."""
    chance = Random("旧台账")
    catalogue = [each for each in matters().values() if not each.get("internal")]
    zone = cast.calendars["desk"].zone
    today = present.astimezone(zone).date()
    found: list[PastCase] = []
    for ago in range(REACHES_BACK, TOLD_IN_FULL, -1):
        day = today - timedelta(days=ago)
        ten = datetime.combine(day, time(10), zone)
        works = opens_next(cast.calendars["quality"], ten) == ten
        minutes = sorted(
            chance.randrange(8 * 60, 19 * 60) for _ in range(chance.randint(20, 28) if works else 4)
        )
        for minute in minutes:
            matter = chance.choices(catalogue, [each["often"] for each in catalogue])[0]
            words = some_words(chance)
            at = datetime.combine(day, time(minute // 60, minute % 60), zone)
            code = matter["fault"][0] if "fault" in matter else "sales"
            took = min(chance.lognormvariate(2.9, 0.7), 120)
            found.append(
                PastCase(
                    source=SOURCE, external_id=f"{day:%Y%m%d}-{len(found) + 1:04d}", kind=matter["kind"],
                    subject=chance.choice(matter["subjects"]).format_map(words),
                    story=chance.choice(matter["stories"]).format_map(words), category=matter["category"],
                    product=words["product"] if matter["category"].startswith("quality") else "",
                    severity=chance.choice(matter["severity"]), channel="file", opened_at=at,
                    department_id=cast.departments[code].pk, owner_id=cast.people[chance.choice(FRONT_DESK)].pk,
                    customer_id=chance.choice(customers).pk, promised_at=cast.later(at, hours(PROMISED, code)),
                    closed_at=cast.later(at, hours(took, code)), closing_note="见旧台账",
                )
            )  # fmt: skip
    return found


def tell(cast: Cast, present: datetime, register: Sequence[PastCase]) -> None:
    began = present - timedelta(days=REACHES_BACK + 1)
    version = past_promise(now=began)
    calendar_id = cast.departments["quality"].calendar_id
    for start in range(0, len(register), AT_ONCE):
        next_number(start + 1)
        take_in(register[start : start + AT_ONCE], version=version, calendar_id=calendar_id, now=present)
