"""Answering by a link: page after page, interrupted and resumed, given once to the end. Looking stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.ledger import record
from guixin.listen import piping, price_studies
from guixin.listen.events import CustomerAnswered
from guixin.listen.low_scores import act_on, in_words, too_low
from guixin.listen.models import Answer, Invitation, Question, Response, Wave
from guixin.listen.questions import PRICES, RANKING, SCALE, Asked, Sheet, is_asked
from guixin.listen.standing import settle_follow_up
from guixin.listen.waves import counts_anew, hashed, takes_answers
from guixin.organisation.models import Person
from guixin.serve.orders import only_purchase_of
from guixin.understand.models import Purchase
from guixin.web.refusals import Refused

ON_A_PAGE = 8  # scales; a thumb scrolls no further
NOT_HELD = {
    RANKING: gettext_lazy("Give each a place of its own, from 1 on; or leave them all blank."),
    PRICES: gettext_lazy(
        "Give all four prices as numbers, and both likelihoods or none; or leave all blank."
    ),
}


class LinkEnded(Refused):
    """The link lets nobody in, and why."""


class AnsweredAlready(LinkEnded):
    """By this link an answer was given to the end."""


class CannotAnswer(Refused):
    """Some answers are missing or none of the points. `errors`: by code, a sentence."""

    about_input = True

    def __init__(self, errors: Mapping[str, str]):
        super().__init__(_("Please look at this again."))
        self.errors = dict(errors)


@dataclass(frozen=True)
class PageRead:
    """What one page makes of the answers: by code, those that stand; and the questions it decides about."""

    answers: dict[str, str]
    codes: set[str]
    is_last: bool


def invitation_of(token: str) -> Invitation | None:
    wanted = Invitation.objects.select_related(
        "wave__version__questionnaire", "case__merged_into", "purchase__product"
    )
    return wanted.filter(token_hash=hashed(token)).first()


def check_open(invitation: Invitation, now: datetime) -> None:
    """Raises LinkEnded with the sentence whoever holds the link is shown."""
    if invitation.is_answered:
        raise AnsweredAlready(_("You have answered already. Thank you; each link counts once."))
    if invitation.withdrawn_at:
        raise LinkEnded(_("This link was taken back. You need not do anything."))
    if invitation.expires_at and invitation.expires_at <= now:
        raise LinkEnded(_("This link has ended. Thank you all the same; we will ask again another time."))
    if not takes_answers(invitation.wave, now):
        raise LinkEnded(_("This survey is closed. Thank you all the same; we will ask again another time."))


def pages_of(sheet: Sheet) -> list[list[Asked]]:
    """The questions of each page in their order, a pair never torn apart. What speaks of an answer stands on a later page
    than its question."""
    pages: list[list[Asked]] = [[]]
    for one in sheet.questions:
        ends_a_pair = bool(pages[-1]) and pages[-1][-1].expectation_of == one.code
        here = {each.code for each in pages[-1]}
        speaks_of_this_page = not here.isdisjoint(piping.names(one.label, one.label_en))
        if (len(pages[-1]) >= ON_A_PAGE and not ends_a_pair) or speaks_of_this_page:
            pages.append([])
        pages[-1].append(one)
    return pages


def about(invitation: Invitation) -> dict[str, str]:
    """What the link is about, by name, for questions that speak of it."""
    if invitation.wave.is_anonymous:
        return {}
    case, bought = invitation.case, invitation.purchase
    if case and not bought and (only := only_purchase_of(case.merged_into or case)):
        bought = Purchase.objects.select_related("product").get(pk=only)
    product = (bought.product.name or bought.product.code) if bought and bought.product else ""
    return {"case": (case.merged_into or case).number if case else "", "product": product}


def begun(invitation: Invitation, token: str) -> Response | None:
    return Response.objects.filter(wave=invitation.wave, key=_key(token)).first()


def answers_of(response: Response | None) -> dict[str, str]:
    """By code, as they were sent."""
    if response is None:
        return {}
    rows = response.answers.values_list("question__code", "value", "words")
    return {code: words if value is None else str(value) for code, value, words in rows}


def answers_of_all(responses: Sequence[int]) -> dict[int, dict[str, str]]:
    """By response, then by code."""
    found: dict[int, dict[str, str]] = {}
    rows = Answer.objects.filter(response__in=responses)
    for pk, code, value, words in rows.values_list("response_id", "question__code", "value", "words"):
        found.setdefault(pk, {})[code] = words if value is None else str(value)
    return found


def page_to_resume(pages: Sequence[Sequence[Asked]], answers: Mapping[str, str]) -> int:
    """The first page none of whose questions is answered; the last, if all are."""
    waiting = (n for n, page in enumerate(pages) if not any(answers.get(each.code) for each in page))
    return next(waiting, len(pages) - 1)


@transaction.atomic
def answer_page(
    invitation: Invitation, token: str, page: int, given: Mapping[str, str], *, language: str, now: datetime,
    taken_by: Person | None = None,
) -> bool:  # fmt: skip
    """Keep the answers of one page; with the last one the response is given to the end, which is what is returned, and a low
    score opens its case.

    given     by code, what was sent for this page; blank is no answer, and takes one back
    taken_by  whoever typed it while the customer was on the phone
    Raises LinkEnded, or CannotAnswer, and then nothing is kept.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related(
        "wave__version__questionnaire", "case__merged_into"
    ).get(pk=invitation.pk)  # fmt: skip
    check_open(invitation, now)
    wave, sheet = invitation.wave, invitation.wave.version.sheet
    response = begun(invitation, token)
    read = read_page(sheet, pages_of(sheet), page, answers_of(response), given)
    if response is None:
        response = _begin(invitation, token, language, now)
    if taken_by is not None:
        response.source, response.taken_by = Response.Source.PHONE, taken_by
        response.save(update_fields=["source", "taken_by"])
    _follow_its_case(response)
    keep(response, wave, sheet.by_code, read)
    if read.is_last:
        _complete(invitation, response, now)
        price_studies.land(response, sheet, read.answers, now=now)
        said = in_words(sheet, read.answers, response.language)
        settle_follow_up(
            response, said, is_low=too_low(sheet, read.answers) is not None, now=now, by=taken_by
        )
        act_on(response, sheet, read.answers, now=now)
    return read.is_last


def read_page(
    sheet: Sheet, pages: Sequence[Sequence[Asked]], page: int, so_far: Mapping[str, str], given: Mapping[str, str]
) -> PageRead:  # fmt: skip
    """What is sent for a page takes the place of what was there; what is not asked any more is left out. Raises CannotAnswer."""
    here, is_last = pages[page], page == len(pages) - 1
    codes = {each.code for each in here}
    answers = {code: said for code, said in so_far.items() if code not in codes}
    answers |= {each.code: given[each.code] for each in here if given.get(each.code)}
    wanting = sheet.questions if is_last else tuple(here)
    if errors := errors_in(sheet, wanting, answers):
        raise CannotAnswer(errors)
    asked = sheet.by_code
    kept = {code: said for code, said in answers.items() if is_asked(asked[code], asked, answers)}
    return PageRead(kept, {each.code for each in wanting}, is_last)


def errors_in(
    sheet: Sheet, wanting: "tuple[Asked, ...] | list[Asked]", answers: Mapping[str, str]
) -> dict[str, str]:
    """By code, a sentence for each answer that is none of the points, and each that must be given and is not."""
    asked, errors = sheet.by_code, dict[str, str]()
    for one in wanting:
        said = answers.get(one.code, "")
        if not is_asked(one, asked, answers):
            continue
        if said and not one.holds(said):
            errors[one.code] = str(NOT_HELD.get(one.kind, _("This is not one of the answers.")))
        elif one.required and not said:
            errors[one.code] = _("Please choose an answer.")
    return errors


def _begin(invitation: Invitation, token: str, language: str, now: datetime) -> Response:
    wave, case = invitation.wave, invitation.case
    response = Response(
        wave=wave, key=_key(token), source=Response.Source.LINK, language=language, begun_at=moment_kept(wave, now)
    )  # fmt: skip
    if not wave.is_anonymous:
        response.customer_id, response.contact_id = invitation.customer_id, invitation.contact_id
        response.purchase_id, response.stratum = invitation.purchase_id, invitation.stratum
        response.case = (case.merged_into or case) if case else None
        if response.case and not response.purchase_id:
            response.purchase_id = only_purchase_of(response.case)
    response.save(force_insert=True)
    return response


def _follow_its_case(response: Response) -> None:
    """Its case may have been merged since the first page was sent: the answer lands on the one that remains."""
    if response.case and response.case.merged_into_id:
        response.case = response.case.merged_into
        response.save(update_fields=["case"])


def keep(response: Response, wave: Wave, asked: Mapping[str, Asked], read: PageRead) -> None:
    """The answers to the questions a page decides about; what is not among them has none."""
    answers, codes = read.answers, read.codes
    ids = dict(
        Question.objects.filter(questionnaire=wave.version.questionnaire_id, code__in=codes).values_list(
            "code", "pk"
        )
    )
    response.answers.filter(question__in=ids.values()).exclude(
        question__in=[ids[code] for code in answers if code in ids]
    ).delete()
    Answer.objects.bulk_create(
        [answer_to(response, ids[code], asked[code], said) for code, said in answers.items() if code in ids],
        update_conflicts=True,
        update_fields=["value", "words"],
        unique_fields=["response", "question"],
    )


def answer_to(response: Response, question_id: int, one: Asked, said: str) -> Answer:
    is_point = one.kind == SCALE
    return Answer(
        response=response, question_id=question_id, value=int(said) if is_point else None,
        words="" if is_point else said,
    )  # fmt: skip


def _complete(invitation: Invitation, response: Response, now: datetime) -> None:
    wave = invitation.wave
    Response.objects.filter(pk=response.pk).update(completed_at=moment_kept(wave, now))
    Invitation.objects.filter(pk=invitation.pk).update(is_answered=True)
    counts_anew(wave)
    record(
        CustomerAnswered(
            happened_at=now, about=("customer", response.customer_id) if response.customer_id else wave.about,
            case_id=response.case_id, wave=wave.code, response_id=None if wave.is_anonymous else response.pk,
        )
    )  # fmt: skip


def _key(token: str) -> str:
    return f"link:{hashed(token, 'response')}"


def moment_kept(wave: Wave, now: datetime) -> datetime:
    """Of an anonymous response only the day, or the moment would name its author."""
    if not wave.is_anonymous:
        return now
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
