"""The responses of one wave as rows of a file: one row each, or, of an anonymous wave, how often each answer was given, since not even
two answers of the same person may be seen together."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from guixin.channels.exporting.nouns import Reader, text
from guixin.listen.answering import answers_of_all
from guixin.listen.groups import FEWEST
from guixin.listen.models import Answer, Response, Wave
from guixin.listen.questions import TEXT
from guixin.serve.customers import ids_visible_to
from guixin.serve.models import Case
from guixin.understand.masking import mask_within
from guixin.web.refusals import Refused

AT_ONCE = 2_000
Written = tuple[list[str], Iterable[list[str]]]


class TooFewToExport(Refused):
    """Of an anonymous wave nothing leaves the house before there are enough."""


def written(wave: Wave, reader: Reader) -> Written:
    """The headings, and each row as text. Raises TooFewToExport."""
    return _counted(wave) if wave.is_anonymous else _one_by_one(wave, reader)


def _one_by_one(wave: Wave, reader: Reader) -> Written:
    """Questions stand under their codes, by which the import of a third party's file knows them."""
    sheet = wave.version.sheet
    codes = [each.code for each in sheet.questions]
    own_words = {each.code for each in sheet.questions if each.kind == TEXT}
    known = [
        _("Number in Guixin"), pgettext("answers", "Given at"), _("Source"), _("Language"), _("Stratum"),
        _("Case"), _("Customer"), _("Number of the customer"),
    ]  # fmt: skip

    def said(code: str, words: str) -> str:
        return mask_within(words) if code in own_words and not reader.in_full else words

    def rows() -> Iterable[list[str]]:
        responses = wave.responses.counted().select_related("customer").order_by("pk")
        stream = responses.iterator(AT_ONCE)
        while some := list(islice(stream, AT_ONCE)):
            answers = answers_of_all([each.pk for each in some])
            cases, customers = _seen(reader, some)
            for each in some:
                customer = each.customer if each.customer_id in customers else None
                name = ""
                if customer:
                    name = customer.name if reader.in_full else customer.shown_to(reader.person)["name"]
                given = answers.get(each.pk, {})
                about = [
                    each.pk, each.completed_at, each.get_source_display(), each.language, each.stratum,
                    cases.get(each.case_id), name, customer.pk if customer else None,
                ]  # fmt: skip
                yield [text(value) for value in about] + [said(code, given.get(code, "")) for code in codes]

    return [*known, *codes], rows()


def _seen(reader: Reader, some: Iterable[Response]) -> tuple[dict[Any, str], set[int]]:
    cases = Case.objects.visible_to(reader.person).filter(
        pk__in=[each.case_id for each in some if each.case_id]
    )
    customers = ids_visible_to(reader.person, [each.customer_id for each in some if each.customer_id])
    return dict(cases.values_list("pk", "number")), set(customers)


def _counted(wave: Wave) -> Written:
    """Every answer with how often it was given; what was written stands alone, in the order of its words."""
    responses = wave.responses.in_figures(wave)
    if responses.count() < FEWEST:
        raise TooFewToExport(
            _("Too few anonymous answers: nothing leaves the house before there are %s.") % FEWEST
        )
    language, figures = get_language() or "zh-hans", (wave.figures or {}).get("questions", {})

    def rows() -> Iterable[list[str]]:
        for one in wave.version.sheet.questions:
            label = one.called(language)
            if one.kind == TEXT:
                given = Answer.objects.filter(response__in=responses, question__code=one.code)
                for words in given.order_by("words").values_list("words", flat=True).iterator(AT_ONCE):
                    yield [one.code, label, mask_within(words), "1"]
            else:
                for value, number in figures.get(one.code, {}).get("counts", {}).items():
                    yield [one.code, label, value, str(number)]

    return [
        _("Code"),
        pgettext("of a survey", "Question"),
        _("Answer"),
        pgettext("count", "How often"),
    ], rows()
