"""What can be exported: each noun with the rows somebody may see and its columns, as text.

Columns an importer reads carry its headings, and its words or codes, so that the file is understood again without
matching anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.channels.exporting import answers
from guixin.channels.importing.columns import FIELDS, WORDS
from guixin.channels.sheets.mapping import ATTRIBUTE
from guixin.organisation.models import Person
from guixin.promise.models import StandardVersion
from guixin.serve.models import CallBack, Case, CasePurchase, FollowUp, OpinionPoint, Task
from guixin.understand.identities import IdentityKind
from guixin.understand.masking import mask
from guixin.understand.models import (
    Attribute,
    AttributeValue,
    Contact,
    Customer,
    Knowledge,
    Membership,
    Need,
    Purchase,
    Segment,
)
from guixin.web import money

Row = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who gets the file, and whether customers stand in it in full."""

    person: Person
    in_full: bool = False


@dataclass(frozen=True)
class Noun:
    """`columns` gives (key, heading); `row` the values by key; `about_customers`: it may be asked for in full."""

    words: Any
    rows: Callable[[Person], QuerySet]
    columns: Callable[[], Sequence[tuple[str, Any]]]
    row: Callable[[Any, Reader], Row]
    about_customers: bool = False
    comes_back: bool = False  # an importer reads it


def text(value: Any) -> str:
    """One cell, always text: moments by the firm's clock, figures without an exponent, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return str(value)


def _importable(what: str) -> list[tuple[str, Any]]:
    return [(field.name, field.words) for field in FIELDS[what]]


def _word(what: str, field: str, code: Any, words: Any) -> str:
    """The word for people where the importer knows it, else the code, which it always knows."""
    return str(words) if WORDS[what][field].get(str(words)) == str(code) else str(code)


def _name(customer: Customer | None, reader: Reader) -> str:
    if customer is None:
        return ""
    return customer.name if reader.in_full else customer.shown_to(reader.person)["name"]


def _identities(customer: Customer | None, kind: str, reader: Reader) -> list[str]:
    """As they were written down; masked otherwise."""
    if customer is None:
        return []
    found = sorted(
        (each for each in customer.identities.all() if each.kind == kind), key=lambda each: each.pk
    )
    return [each.raw if reader.in_full else mask(kind, each.normal) for each in found]


def _first(values: Sequence[str], place: int = 0) -> str:
    return values[place] if len(values) > place else ""


def _login(person: Person | None) -> str:
    return person.name if person else ""


# -- customers -----------------------------------------------------------------------------------------------------


def _customer_columns() -> list[tuple[str, Any]]:
    mine = [
        (f"{ATTRIBUTE}{each.code}", each.shown_name(get_language() or ""))
        for each in Attribute.objects.in_use()
    ]
    more = [
        ("grade", _("Grade")), ("market", _("Market")), ("language", _("Language")),
        ("more", _("More phones and addresses")), ("pk", _("Number in Guixin")),
    ]  # fmt: skip
    return [*_importable("customers"), *mine, *more]


def _customer(row: Customer, reader: Reader) -> Row:
    phones = _identities(row, IdentityKind.PHONE, reader)
    emails = _identities(row, IdentityKind.EMAIL, reader)
    chats = _identities(row, IdentityKind.WECHAT, reader)
    numbers = _identities(row, IdentityKind.OTHER, reader)
    known = {f"{ATTRIBUTE}{each.attribute.code}": _value(each) for each in row.attribute_values.all()}
    return known | {
        "customer_name": _name(row, reader), "kind": _word("customers", "kind", row.kind, row.get_kind_display()),
        "phone": _first(phones), "second_phone": _first(phones, 1), "email": _first(emails),
        "wechat": _first(chats), "customer_number": _first(numbers), "organisation": row.organisation,
        "grade": row.grade, "market": row.get_market_display(), "language": row.language,
        "more": " · ".join([*phones[2:], *emails[1:], *chats[1:], *numbers[1:]]), "pk": row.pk,
    }  # fmt: skip


def _value(each: AttributeValue) -> Any:
    return next(v for v in (each.text, each.number, each.day, each.yes) if v is not None)


def _customers(person: Person) -> QuerySet:
    rows = Customer.objects.visible_to(person).filter(merged_into=None)
    return rows.prefetch_related("identities", "attribute_values__attribute")


# -- cases and their parts --------------------------------------------------------------------------------------------


def _case_columns() -> list[tuple[str, Any]]:
    more = [
        ("state", _("State")), ("owner", _("Owner")), ("product", _("Product or order")), ("grade", _("Grade")),
        ("orders", _("Orders it is about")), ("level", _("Escalation")), ("place", _("Opinion point")),
    ]  # fmt: skip
    return [*_importable("cases"), *more]


def _case(row: Case, reader: Reader) -> Row:
    return {
        "external_id": row.number, "subject": row.subject, "story": row.story,
        "kind": _word("cases", "kind", row.kind, row.get_kind_display()), "customer_name": _name(row.customer, reader),
        "phone": _first(_identities(row.customer, IdentityKind.PHONE, reader)),
        "email": _first(_identities(row.customer, IdentityKind.EMAIL, reader)),
        "department": row.department.name if row.department else "", "category": row.category,
        "severity": _word("cases", "severity", row.severity, row.get_severity_display()),
        "channel": _word("cases", "channel", row.channel, row.get_channel_display()), "opened_at": row.opened_at,
        "promised_at": None, "closed_at": row.closed_at,
        "closing_note": next((each.summary for each in sorted(row.closings.all(), key=lambda c: -c.generation)), ""),
        "state": row.get_state_display(), "owner": _login(row.owner), "product": row.product, "grade": row.grade,
        "orders": " · ".join(dict.fromkeys(each.purchase.order_key for each in row.named_purchases.all())),
        "level": row.level, "place": row.opinion_point.name if row.opinion_point else "",
    }  # fmt: skip


def _cases(person: Person) -> QuerySet:
    rows = Case.objects.visible_to(person).select_related("customer", "department", "owner", "opinion_point")
    named = Prefetch(
        "named_purchases",
        CasePurchase.objects.filter(off_at=None).select_related("purchase").order_by("at", "pk"),
    )
    return rows.prefetch_related("customer__identities", "closings", named)


def _columns(*columns: tuple[str, Any]) -> Callable[[], Sequence[tuple[str, Any]]]:
    return lambda: columns


TASK = _columns(
    ("case", _("Case")), ("subject", _("Subject")), ("department", _("Department")), ("handler", _("Handler")),
    ("instruction", _("What is asked")), ("state", _("State")), ("given_at", _("Given at")),
    ("accepted_at", _("Accepted at")), ("ended_at", _("Ended at")), ("result", _("Result")),
)  # fmt: skip


def _task(row: Task, reader: Reader) -> Row:
    return {
        "case": row.case.number, "subject": row.case.subject, "department": row.department.name,
        "handler": _login(row.handler), "instruction": row.instruction, "state": row.get_state_display(),
        "given_at": row.given_at, "accepted_at": row.accepted_at, "ended_at": row.ended_at, "result": row.result,
    }  # fmt: skip


FOLLOW_UP = _columns(
    ("case", _("Case")), ("planned_for", _("Planned for")), ("holder", _("By whom")), ("state", _("State")),
    ("outcome", _("Outcome")), ("comment", _("What the customer said")), ("done_at", _("Done at")),
)  # fmt: skip


def _follow_up(row: FollowUp, reader: Reader) -> Row:
    return {
        "case": row.case.number, "planned_for": row.planned_for, "holder": _login(row.holder),
        "state": row.get_state_display(), "outcome": row.get_outcome_display(), "comment": row.comment,
        "done_at": row.done_at,
    }  # fmt: skip


CALL_BACK = _columns(
    ("line", _("Line")), ("customer_name", _("Customer")), ("phone", _("Phone")), ("about", _("What it is about")),
    ("case", _("Case")), ("asked_at", _("Asked at")), ("window_from", _("Promised from")),
    ("window_to", _("Promised until")), ("state", _("State")), ("outcome", _("Outcome")), ("tries", _("Tried in vain")),
    ("taken_by", _("By whom")), ("rang_at", _("Rang at")), ("ended_at", _("Ended at")), ("note", _("What was said")),
)  # fmt: skip


def _call_back(row: CallBack, reader: Reader) -> Row:
    return {
        "line": row.line.code, "customer_name": _name(row.customer, reader),
        "phone": row.phone if reader.in_full else row.shown_phone, "about": row.about_words,
        "case": row.case.number if row.case else "", "asked_at": row.asked_at, "window_from": row.window_from,
        "window_to": row.window_to, "state": row.get_state_display(), "outcome": row.get_outcome_display(),
        "tries": row.tries, "taken_by": _login(row.taken_by), "rang_at": row.rang_at, "ended_at": row.ended_at,
        "note": row.note,
    }  # fmt: skip


OPINION_POINT = _columns(
    ("code", _("Code")), ("name", pgettext_lazy("of a thing", "Name")), ("name_en", _("Name (English)")),
    ("kind", _("What it is")), ("department", _("Department")), ("is_active", pgettext_lazy("place", "Open")),
    ("answers", pgettext_lazy("from a place", "Answers")),
)  # fmt: skip


def _opinion_point(row: Any, reader: Reader) -> Row:
    return {
        "code": row.code, "name": row.name, "name_en": row.name_en, "kind": row.get_kind_display(),
        "department": row.department.name if row.department else "", "is_active": row.is_active,
        "answers": row.answers or 0,
    }  # fmt: skip


# -- what is known ----------------------------------------------------------------------------------------------------


def _purchase(row: Purchase, reader: Reader) -> Row:
    product = row.product
    return {
        "order": row.order_key, "line": row.line_key, "bought_at": row.bought_at,
        "customer_number": _first(_identities(row.customer, IdentityKind.OTHER, reader)),
        "customer_name": _name(row.customer, reader),
        "phone": _first(_identities(row.customer, IdentityKind.PHONE, reader)),
        "email": _first(_identities(row.customer, IdentityKind.EMAIL, reader)),
        "product": product.code if product else "", "product_name": product.name if product else "",
        "product_line": product.line if product else "", "quantity": row.quantity, "unit_price": "",
        "amount": money.written(row.amount, row.currency), "currency": row.currency,
        "kind": _word("purchases", "kind", row.kind, row.get_kind_display()),
        "takes_back": row.takes_back.order_key if row.takes_back else "",
    }  # fmt: skip


def _purchases(person: Person) -> QuerySet:
    rows = Purchase.objects.visible_to(person).select_related("customer", "product", "takes_back")
    return rows.prefetch_related("customer__identities")


CONTACT = _columns(
    ("customer_name", _("Customer")), ("kind", _("Kind")), ("state", _("State")), ("subject", _("What about")),
    ("owner", _("By whom")), ("planned_on", _("Planned for")), ("made_at", _("Took place")),
    ("outcome", _("How it went")), ("notes", _("What was said")), ("next_step", _("Next step")),
    ("missed_at", _("Missed at")),
)  # fmt: skip


def _contact(row: Contact, reader: Reader) -> Row:
    names = ("subject", "planned_on", "made_at", "notes", "next_step", "missed_at")
    return {name: getattr(row, name) for name in names} | {
        "customer_name": _name(row.customer, reader), "kind": row.get_kind_display(),
        "state": row.get_state_display(), "owner": _login(row.owner), "outcome": row.get_outcome_display(),
    }  # fmt: skip


NEED = _columns(
    ("customer_name", _("Customer")), ("theme", _("Need")), ("kind", _("Need or expectation")), ("weight", _("Weight")),
    ("expected", _("Level expected")), ("words", _("In their words")), ("source", _("Where it comes from")),
    ("noted_at", _("Noted at")), ("ended_at", _("Ended at")),
)  # fmt: skip


def _need(row: Need, reader: Reader) -> Row:
    names = ("theme", "weight", "expected", "words", "noted_at", "ended_at")
    return {name: getattr(row, name) for name in names} | {
        "customer_name": _name(row.customer, reader), "kind": row.get_kind_display(), "source": row.get_source_display(),
    }  # fmt: skip


KNOWLEDGE = _columns(
    ("title", _("What is known")), ("kind", _("Kind")), ("words", _("In full")), ("subject", _("About whom or what")),
    ("customer_name", _("Customer")), ("topic", _("Topic")), ("source", _("Where it comes from")),
    ("state", _("State")), ("reliability", _("Reliability of the source")), ("credibility", _("Credibility")),
    ("worth", _("Worth")), ("valid_until", _("Valid until")), ("review_on", _("Review on")),
    ("captured_at", _("Written down at")), ("captured_by", _("By whom")), ("ended_at", _("Ended at")),
)  # fmt: skip


def _known(row: Knowledge, reader: Reader) -> Row:
    names = (
        "title", "words", "subject", "topic", "reliability", "credibility", "worth", "valid_until", "review_on",
        "captured_at", "ended_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "kind": row.get_kind_display(), "customer_name": _name(row.customer, reader),
        "source": row.get_source_display(), "state": row.get_state_display(), "captured_by": _login(row.captured_by),
    }  # fmt: skip


MEMBERSHIP = _columns(
    ("segment", _("Segment")), ("customer_name", _("Customer")), ("pk", _("Number in Guixin")), ("since", _("Since")),
    ("until", _("Until")),
)  # fmt: skip


def _membership(row: Membership, reader: Reader) -> Row:
    return {
        "segment": row.segment.name, "customer_name": _name(row.customer, reader), "pk": row.customer_id,
        "since": row.since, "until": row.until,
    }  # fmt: skip


SEGMENT = _columns(
    ("code", _("Code")), ("name", pgettext_lazy("of a thing", "Name")), ("name_en", _("Name (English)")),
    ("purpose", _("Purpose")), ("owner", pgettext_lazy("of a segment", "Owner")),
    ("published_at", _("Published at")), ("withdrawn_at", _("Withdrawn at")),
)  # fmt: skip


def _segment(row: Segment, reader: Reader) -> Row:
    names = ("code", "name", "name_en", "purpose", "published_at", "withdrawn_at")
    return {name: getattr(row, name) for name in names} | {"owner": _login(row.owner)}


STANDARD = _columns(
    ("code", _("Code")), ("name", pgettext_lazy("of a thing", "Name")), ("measure", _("What is promised")),
    ("number", _("Version")),
    ("budget_minutes", _("Minutes of working time")), ("warn_percent", _("Warning at, in percent")),
    ("ladder", _("Steps of the ladder, in minutes")), ("for_kind", _("Kind")), ("for_category", _("Category")),
    ("for_grade", _("Grade")), ("promise", _("In the customer's words")), ("remedy", _("Remedy")),
    ("published_at", _("Published at")), ("withdrawn_at", _("Withdrawn at")),
)  # fmt: skip


def _standard(row: StandardVersion, reader: Reader) -> Row:
    names = (
        "number", "budget_minutes", "warn_percent", "for_kind", "for_category", "for_grade", "promise", "remedy",
        "published_at", "withdrawn_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "code": row.standard.code, "name": row.standard.name, "measure": row.standard.get_measure_display(),
        "ladder": " ".join(map(str, row.ladder_minutes)),
    }  # fmt: skip


def _of_visible_cases(model: Any) -> Callable[[Person], QuerySet]:
    return lambda person: model.objects.filter(case__in=Case.objects.visible_to(person)).select_related(
        "case", "holder"
    )


NOUNS: dict[str, Noun] = {
    "cases": Noun(_("Cases"), _cases, _case_columns, _case, about_customers=True, comes_back=True),
    "tasks": Noun(
        _("Tasks"), lambda p: Task.objects.visible_to(p).select_related("case", "department", "handler"), TASK, _task
    ),
    "follow-ups": Noun(_("Follow-ups"), _of_visible_cases(FollowUp), FOLLOW_UP, _follow_up),
    "call-backs": Noun(
        _("Call-backs"),
        lambda p: CallBack.objects.visible_to(p).select_related("line", "customer", "case", "taken_by"),
        CALL_BACK, _call_back, about_customers=True,
    ),
    "customers": Noun(
        _("Customers"), _customers, _customer_columns, _customer, about_customers=True, comes_back=True
    ),
    "purchases": Noun(
        _("Purchases"), _purchases, lambda: _importable("purchases"), _purchase, about_customers=True, comes_back=True
    ),
    "contacts": Noun(
        _("Contacts"), lambda p: Contact.objects.visible_to(p).select_related("customer", "owner"), CONTACT, _contact,
        about_customers=True,
    ),
    "needs": Noun(
        _("Needs"), lambda p: Need.objects.visible_to(p).select_related("customer"), NEED, _need, about_customers=True
    ),
    "knowledge": Noun(
        pgettext_lazy("export", "Knowledge"),
        lambda p: Knowledge.objects.visible_to(p).select_related("customer", "captured_by"), KNOWLEDGE, _known,
        about_customers=True,
    ),
    "articles": Noun(_("Articles of the handbook"), answers.articles, answers.article_columns, answers.article),
    "problems": Noun(_("Hard problems"), answers.problems, answers.problem_columns, answers.problem),
    "segments": Noun(_("Segments"), lambda p: Segment.objects.visible_to(p).select_related("owner"), SEGMENT, _segment),
    "memberships": Noun(
        _("Customers in segments"),
        lambda p: Membership.objects.filter(
            customer__in=Customer.objects.visible_to(p)
        ).select_related("segment", "customer"),
        MEMBERSHIP, _membership, about_customers=True,
    ),
    "standards": Noun(
        _("Service standards"), lambda p: StandardVersion.objects.select_related("standard"), STANDARD, _standard
    ),
    "opinion-points": Noun(
        _("Opinion points"),
        lambda p: OpinionPoint.objects.select_related("department").annotate(
            answers=Subquery(
                Case.objects.filter(opinion_point=OuterRef("pk")).order_by().values("opinion_point")
                .annotate(number=Count("pk")).values("number")
            )
        ), OPINION_POINT,
        _opinion_point,
    ),
}  # fmt: skip


def written(noun: Noun, person: Person, *, in_full: bool) -> tuple[list[str], Iterable[list[str]]]:
    """The headings, and each row as text in the order of its id, read in pieces."""
    columns, reader = list(noun.columns()), Reader(person, in_full)
    keys = [key for key, _words in columns]

    def rows() -> Iterable[list[str]]:
        for each in noun.rows(person).order_by("pk").iterator(2_000):
            values = noun.row(each, reader)
            yield [text(values.get(key)) for key in keys]

    return [str(words) for _key, words in columns], rows()
