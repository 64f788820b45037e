"""What the firm's own records say beside the answers of a wave, counted by a worker once a day: the five gaps, what leaving the short
plank costs, and whether value is low or not noticed. Records move on after the last answer, so figures and evidence are kept apart.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from guixin.listen.five_gaps import asks_both, five_gaps
from guixin.listen.leaving import leaving
from guixin.listen.models import Wave
from guixin.listen.noticing import noticed
from guixin.listen.standards_behind import Behind, standards_behind

AGAIN_AFTER = timedelta(days=1)
LOOKED_AT = timedelta(days=400)  # waves opened since then; what older ones say stays
BEFORE = timedelta(days=90)  # what happened so long before a wave opened is what it asks about


def count_next(now: datetime) -> bool:
    """One wave whose evidence was never counted, was about another short plank, or is a day old. False if there is none.

    It is marked first: one whose count fails is tried again after a day, and holds up no other.
    """
    due = Wave.objects.filter(opened_at__gte=now - LOOKED_AT).filter(
        Q(evidence_at=None) | Q(evidence_at__lt=now - AGAIN_AFTER)
    )
    wave = due.select_related("version").order_by(F("evidence_at").asc(nulls_first=True), "pk").first()
    if wave is None:
        return False
    mine = Wave.objects.filter(pk=wave.pk)
    mine.update(evidence_at=now)
    found = count(wave, now)
    mine.filter(evidence_at=now).update(evidence=found)  # unless its short plank is another one meanwhile
    return True


def count(wave: Wave, now: datetime) -> dict[str, Any]:
    """As JSON: `from`, `to`: the time whose promises and complaints are counted; `gaps`: see five_gaps; `leaving` and `noticed`."""
    sheet = wave.version.sheet
    since, until = wave.opened_at - BEFORE, min(wave.closed_at or now, now)
    behind = standards_behind(sheet)
    worst = ((wave.figures or {}).get("plank") or {}).get("worst")
    return {
        "from": since.isoformat(),
        "to": until.isoformat(),
        "gaps": five_gaps(wave, sheet, behind, since, until)
        if asks_both(sheet) and not wave.is_of_our_people
        else None,
        "leaving": leaving(wave, sheet, worst, behind.get(worst, Behind()), since, until, now)
        if worst
        else None,
        "noticed": noticed(wave, sheet, behind),
    }


def is_due_again(wave: Wave, figures: dict[str, Any]) -> bool:
    """Whether figures just counted name another short plank than the evidence is about."""
    about = ((wave.evidence or {}).get("leaving") or {}).get("code")
    return (figures.get("plank") or {}).get("worst") != about
