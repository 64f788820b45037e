"""A low score opens work: the case it is about, again under its number; else a new one. The answers stand in it.

Only where we know whose answer it is: an anonymous one, or one by a link without a name, leads to nobody.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.listen.models import Response
from guixin.listen.questions import SCALE, Asked, Sheet
from guixin.serve.confirming import customer_objects
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, CasePurchase
from guixin.serve.orders import name_purchases
from guixin.web.refusals import Refused

SOURCE = "survey"  # of the cases opened so; the external number is the response's


def too_low(sheet: Sheet, answers: Mapping[str, str]) -> Asked | None:
    """The first question that was answered at its limit or below."""
    return next(
        (
            one
            for one in sheet.questions
            if one.opens_at is not None and answers.get(one.code) and int(answers[one.code]) <= one.opens_at
        ),
        None,
    )


def act_on(response: Response, sheet: Sheet, answers: Mapping[str, str], *, now: datetime) -> Case | None:
    """The case that is worked on because of it; a new one becomes the case of the response.

    answers   by code, of the whole response
    """
    one = too_low(sheet, answers)
    if one is None or not (response.case or response.customer):
        return None
    words = in_words(sheet, answers, response.language)
    if response.case and _is_open_again(response.case, words, now):
        return response.case
    case = open_case(
        Arrival(
            kind=Case.Kind.COMPLAINT,
            subject=_("Survey: %(question)s %(value)s of %(high)s")
            % {
                "question": one.shown_label(response.language),
                "value": answers[one.code],
                "high": one.high,
            },
            channel=Case.Channel.PHONE if response.source == Response.Source.PHONE else Case.Channel.WEB,
            story=words,
            language=response.language or "zh-hans",
            customer=response.customer or (response.case.customer if response.case else None),
            source=SOURCE,
            external_id=str(response.pk),
        ),
        now=now,
    )
    Response.objects.filter(pk=response.pk).update(case=case)
    if (bought := response.purchase) and case.customer_id == bought.customer_id:
        name_purchases(case, {bought.pk: None}, by=None, now=now, how=CasePurchase.How.ASKED)
    return case


def _is_open_again(case: Case, words: str, now: datetime) -> bool:
    """A case that cannot be reopened any more is no reason to lose what was said: then a new one takes it."""
    try:
        with transaction.atomic():
            customer_objects(case, words, now=now)
    except Refused:
        return False
    return True


def in_words(sheet: Sheet, answers: Mapping[str, str], language: str) -> str:
    """Question and answer, a line each, as the reader of the language reads them."""
    lines = []
    for one in sheet.questions:
        said = answers.get(one.code)
        if said and not one.is_beside:
            known = {} if one.kind == SCALE else dict(one.shown_choices(language))
            value = f"{said}/{one.high}" if one.kind == SCALE else known.get(said, said)
            label = one.shown_label(language)
            asks = label.endswith(("?", "？"))  # which says already that an answer follows
            words = "%(question)s %(answer)s" if asks else _("%(question)s: %(answer)s")
            lines.append(words % {"question": label, "answer": value})
    return "\n".join(lines)
