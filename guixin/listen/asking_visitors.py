"""Visitors are asked how it was: by the wave the rules for visits name, from the private page of their case.

A token is kept nowhere, so a link that waits on a page would have to be stored; it is made when they ask for it instead.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.listen.answering import answers_of
from guixin.listen.low_scores import in_words
from guixin.listen.models import Response, Wave
from guixin.listen.waves import Invited, NotPossibleNow, invite, takes_answers
from guixin.organisation.models import Person
from guixin.serve.models import Visit
from guixin.serve.visit_rules import rules_in_force


def wave_for(visit: Visit, now: datetime) -> Wave | None:
    """The wave this visit's people are asked in, while it takes answers and they were here."""
    code = rules_in_force().survey
    if visit.state != Visit.State.HELD or not code:
        return None
    wave = Wave.objects.filter(code=code).first()
    return wave if wave and takes_answers(wave, now) else None


@transaction.atomic
def feedback_link(visit: Visit, *, now: datetime, by: Person | None = None) -> str:
    """A way into the wave for these visitors, tied to their case; `by` none: they asked for it on their page.

    Raises NotPossibleNow where nobody is asked, or they have answered. A link made before and not used is worth no more.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("case").get(pk=visit.pk)
    wave = wave_for(visit, now)
    if wave is None:
        raise NotPossibleNow(_("Visitors are not asked at the moment. Tell us on this page instead."))
    if has_answered(visit, wave):
        raise NotPossibleNow(_("You have answered already. Thank you; each link counts once."))
    wave.invitations.filter(case=visit.case, is_answered=False, withdrawn_at=None).update(withdrawn_at=now)
    return invite(wave, [Invited(case=visit.case)], by=by, now=now)[0]


def is_asked(visit: Visit, now: datetime) -> bool:
    """Whether their page offers it."""
    wave = wave_for(visit, now)
    return wave is not None and not has_answered(visit, wave)


def has_answered(visit: Visit, wave: Wave) -> bool:
    return wave.invitations.filter(case=visit.case_id, is_answered=True).exists()


@dataclass(frozen=True)
class Feedback:
    """What one of them said, question by question; and the wave where it counts."""

    wave: str
    name: str
    at: datetime
    words: str


def feedback_of(visit: Visit, language: str) -> list[Feedback]:
    """Given to the end and not struck out, about this visit's case, after they were here."""
    if visit.held_at is None:
        return []
    rows = Response.objects.counted().filter(case=visit.case_id, completed_at__gte=visit.held_at)
    return [
        Feedback(
            row.wave.code,
            row.wave.shown_name(language),
            row.completed_at,
            in_words(row.wave.version.sheet, answers_of(row), language),
        )
        for row in rows.select_related("wave__version").order_by("completed_at")[:20]
        if row.completed_at
    ]
