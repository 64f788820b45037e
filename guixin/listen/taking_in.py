"""Responses by the thousand, from a third party's file or a program: each landed once, each that does not with its reason."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen.answering import answer_to
from guixin.listen.events import AnswersTakenIn
from guixin.listen.models import Answer, Response, Wave
from guixin.listen.questions import SCALE
from guixin.listen.waves import CannotListen, NotPossibleNow, counts_anew
from guixin.organisation.models import Person

AT_ONCE = 20_000
LONGEST_KEY = 100


@dataclass(frozen=True)
class Given:
    """One response as it arrives.

    line        where it stands in the file or list, from 1
    answers     by code, as written; blank, or one of the wave's missing codes, is no answer
    respondent  the source's own name for whoever answered; blank: told apart by what stands here
    """

    line: int
    answers: Mapping[str, str]
    respondent: str = ""
    customer_id: int | None = None
    case_id: int | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Doubt:
    line: int
    reason: str
    sentence: str
    landed: bool = False


@dataclass
class TakenIn:
    landed: int = 0
    already: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # that landed


@transaction.atomic
def take_in(wave: Wave, given: Sequence[Given], *, source: str, by: Person | None, now: datetime) -> TakenIn:
    """Land what can land. The same again adds nothing. A value that is none of the points of its question is left out and
    named; a row without any answer is rejected."""
    if len(given) > AT_ONCE:
        raise CannotListen(_("Take in at most %s responses at once.") % AT_ONCE)
    wave = (
        Wave.objects.select_for_update(of=("self",)).select_related("version__questionnaire").get(pk=wave.pk)
    )
    if wave.closed_at:
        raise NotPossibleNow(_("The wave is closed; it takes no more answers."))
    asked = wave.version.sheet.by_code
    ids = dict(wave.version.questionnaire.questions.filter(code__in=asked).values_list("code", "pk"))
    missing, done, seen = set(wave.missing_codes), TakenIn(), Counter[str]()
    landing: dict[str, tuple[Given, dict[str, str]]] = {}
    for each in given:
        said, doubts = read_row(each, asked, missing)
        key = _key(each, said, seen)
        if len(each.respondent) > LONGEST_KEY:
            words = _("The respondent's number has at most %s characters.") % LONGEST_KEY
            done.doubts.append(Doubt(each.line, "bad_respondent", words))
        elif not said:
            done.doubts.append(
                doubts[0] if doubts else Doubt(each.line, "no_answer", _("No question is answered."))
            )
        elif key in landing:
            words = _("Respondent “%(who)s” stands in line %(line)s already.")
            done.doubts.append(
                Doubt(each.line, "duplicate", words % {"who": each.respondent, "line": landing[key][0].line})
            )
        else:
            landing[key] = each, said
            done.doubts += [Doubt(one.line, one.reason, one.sentence, landed=True) for one in doubts]
    standing = _standing(wave, landing)
    done.already = len(standing)
    again = {landing[key][0].line for key in standing}
    done.doubts = [each for each in done.doubts if not (each.landed and each.line in again)]
    fresh = {key: one for key, one in landing.items() if key not in standing}
    made = Response.objects.bulk_create(
        [_response(wave, key, one, source, now) for key, (one, _said) in fresh.items()], batch_size=2_000
    )
    Answer.objects.bulk_create(
        [
            answer_to(response, ids[code], asked[code], value)
            for response in made
            for code, value in fresh[response.key][1].items()
        ],
        batch_size=5_000,
    )
    done.landed, done.lines = len(made), [one.line for one, _said in fresh.values()]
    if made:
        counts_anew(wave)
        record(
            AnswersTakenIn(
                happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code,
                responses=len(made), source=source,
            )
        )  # fmt: skip
    return done


def read_row(each: Given, asked: Mapping[str, Any], missing: set[str]) -> tuple[dict[str, str], list[Doubt]]:
    """The answers of one row by code, and what is wrong with the others."""
    said, doubts = dict[str, str](), list[Doubt]()
    for code, written in each.answers.items():
        value, one = written.strip(), asked.get(code)
        if one is None or not value or value in missing:
            continue
        if one.kind == SCALE and value.endswith((".0", ".00")):
            value = value.split(".")[0]  # a spreadsheet made a number of it
        if value in missing:
            continue
        if one.holds(value):
            said[code] = value
        else:
            words = _("%(name)s: “%(value)s” is none of the answers and is left out.")
            doubts.append(
                Doubt(each.line, "no_such_answer", words % {"name": one.label, "value": value[:40]})
            )
    return said, doubts


def _key(each: Given, said: Mapping[str, str], seen: Counter[str]) -> str:
    """The respondent's own, or made of what stands there and how many before it read the same: a second real copy is kept, a
    second reading of the file is not."""
    if respondent := " ".join(each.respondent.split()):
        return f"r:{respondent}"
    content = repr((sorted(said.items()), each.customer_id, each.case_id, each.answered_at))
    digest = hashlib.sha256(content.encode()).hexdigest()[:24]
    seen[digest] += 1
    return f"h:{digest}:{seen[digest]}"


def _standing(wave: Wave, landing: Mapping[str, Any]) -> set[str]:
    """Keys that are here already; what was struck out does not come back with the next reading of the file."""
    return set(wave.responses.filter(key__in=list(landing)).values_list("key", flat=True))


def _response(wave: Wave, key: str, one: Given, source: str, now: datetime) -> Response:
    at = one.answered_at or now
    known = {} if wave.is_anonymous else {"customer_id": one.customer_id, "case_id": one.case_id}
    return Response(wave=wave, key=key, source=source, begun_at=at, completed_at=at, **known)
