"""Answered while the customer was still there: opened, told and closed in one breath, the first contact the last."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from guixin.organisation.models import Person
from guixin.serve.closing import close
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case
from guixin.serve.replying import reply


@transaction.atomic
def answer_at_once(arrival: Arrival, words: str, *, by: Person, now: datetime, **closing: Any) -> Case:
    """Take in a case that needs nobody else. Refused like a reply and a closing are, and then nothing happened.

    words     what the customer was told
    closing   the classification, as `closing.close` takes it
    """
    case = open_case(replace(arrival, departments=None), now=now, by=by)
    reply(case, words, by=by, now=now)
    close(case, by=by, now=now, **closing)
    case.refresh_from_db()
    return case
