"""Who else has this case before them. Advice for people; the true guards are the versions and `meanwhile`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from guixin.ledger.bulk import fetch_rows
from guixin.organisation.models import Person
from guixin.serve.models import Case, Presence

RENEWED_EVERY = 15  # seconds
GONE_AFTER = timedelta(seconds=40)  # two signs of life missed
FORGOTTEN_AFTER = timedelta(hours=1)
Doing = Presence.Doing


@dataclass(frozen=True)
class Other:
    """A colleague at the same case."""

    person_id: int
    name: str
    doing: str

    @property
    def words(self) -> str:
        return str(Doing(self.doing).label)

    @property
    def initial(self) -> str:
        return self.name[:1]


_RENEW = """
    INSERT INTO serve_presence (case_id, person_id, doing, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (case_id, person_id) DO UPDATE SET doing = EXCLUDED.doing, at = EXCLUDED.at
"""
_OTHERS = """
    SELECT p.person_id, o.name, p.doing FROM serve_presence p JOIN organisation_person o ON o.id = p.person_id
    WHERE p.case_id = %s AND p.person_id <> %s AND p.at > %s ORDER BY (p.doing = 'writing') DESC, o.name, o.id
"""


def here(case: Case, person: Person, doing: str, *, now: datetime) -> list[Other]:
    """A sign of life, and who else gave one. No ledger: who looked at a screen is nobody's history."""
    doing = doing if doing in Doing.values else Doing.VIEWING
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [case.pk, person.pk, str(doing), now])
    return others(case, person, now=now)


def others(case: Case, person: Person, *, now: datetime) -> list[Other]:
    return [Other(*row) for row in fetch_rows(_OTHERS, [case.pk, person.pk, now - GONE_AFTER])]


def gone(case: Case, person: Person) -> None:
    """The page was left."""
    Presence.objects.filter(case=case, person=person).delete()


def prune(now: datetime) -> None:
    Presence.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
