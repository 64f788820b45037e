"""The palette's results, from the server: people and cases as far as the reader may see them, and places to go."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from guixin.desks import suggesting
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import Rail, fragment, page, rail
from guixin.desks.templatetags.masking import masked_name, shown_name
from guixin.ledger.clock import database_now
from guixin.organisation.pinyin import spell
from guixin.serve.finding import Found, find
from guixin.understand.folding import folded_name
from guixin.understand.identities import IdentityKind, normalise
from guixin.web.deadlines import pill

LONGEST_QUESTION = 100


@dataclass(frozen=True)
class Result:
    """One line: where it leads, what it is, what else helps to recognise it, and why it was found."""

    address: str
    words: str
    icon: str
    about: str = ""
    why: str = ""
    pill: object = None
    number: str = ""


@dataclass(frozen=True)
class Section:
    name: str
    words: str
    results: list[Result]


@signed_in
def show(request: SignedIn) -> HttpResponse:
    """`q` may be anything: a number in any writing, a name or its initials, an order, the name of a page."""
    typed = " ".join(request.GET.get("q", "")[:LONGEST_QUESTION].split())
    places = rail(request.user, numbered=False)
    sections = _things(find(typed, request.user), request.user)
    sections += _places(places, typed, in_palette=bool(request.htmx))
    context = {"sections": [each for each in sections if each.results], "asked": typed}
    if request.htmx:
        return fragment(request, "desks/_found.html", context)
    return page(request, "desks/find.html", context)


def _things(found: Found, person) -> list[Section]:
    now = database_now()
    cases = [
        Result(
            address=f"/cases/{case.number}",
            words=case.subject,
            icon="list",
            number=case.number,
            about=" · ".join([masked_name(case.customer), shown_name(case.department), case.owner.name]),
            why=each.in_words(),
            pill=pill(case.queue_at, now, started_at=case.opened_at) if case.is_open else None,
        )
        for each in found.cases
        for case in [each.case]
    ]
    customers = [
        Result(
            address=f"/customers/{each.customer.pk}",
            words=shown["name"] or "–",
            icon="mine",
            about=" · ".join(
                filter(None, [shown["organisation"], *(one["shown"] for one in shown["identities"][:2])])
            ),
            why=each.in_words(),
        )
        for each in found.customers
        for shown in [each.customer.shown_to(person)]
    ]
    return [
        Section("cases", _("Cases"), cases),
        Section("customers", _("Customers"), customers),
        *_texts(found),
    ]


def _texts(found: Found) -> list[Section]:
    """A section for each kind of text, such as knowledge."""
    return [
        Section(
            kind.name,
            str(kind.words),
            [
                Result(reverse(kind.page, args=[each.ref]), each.title, kind.icon, why=suggesting.why(each))
                for each in hits
            ],
        )
        for kind, hits in groupby(found.texts, key=lambda each: each.kind)
    ]


def _places(places: Rail, typed: str, *, in_palette: bool) -> list[Section]:
    """What can be done and where one can go; an empty question offers all of it.

    The palette finds what stands on its page by its words; here it learns only what is found by spelling.
    """
    actions: list[Result] = []
    if places.may_take_in:
        actions.append(Result(reverse("new_case"), _("New case"), "plus"))
        if number := _phone(typed):
            query = urlencode({"phone": number})
            words = _("New case for %(phone)s") % {"phone": number}
            actions.insert(0, Result(f"{reverse('new_case')}?{query}", words, "plus"))
    actions.append(Result(reverse("settings"), _("My settings"), "gear"))
    if places.may_administrate:
        actions.append(Result(reverse("admin"), _("Administration"), "pulse"))
    links = [
        Result(link.address, str(link.words), link.icon) for group in places.groups for link in group.links
    ]
    taken = {each.address for each in actions}
    links = [each for each in links if each.address not in taken]
    return [
        Section("actions", _("Actions"), [each for each in actions if _meant(typed, each, in_palette)]),
        Section("lists", _("Lists and pages"), [each for each in links if _meant(typed, each, in_palette)]),
    ]


def _phone(typed: str) -> str:
    """What was typed, if it can only be a whole phone number."""
    normal = normalise(IdentityKind.PHONE, typed)
    return typed if normal.startswith("+") and len(normal) >= 10 else ""


def _meant(typed: str, result: Result, in_palette: bool) -> bool:
    """By a part of its name, or by the letters the name is typed with: "xjga" is 新建个案."""
    asked, name = folded_name(typed), folded_name(result.words)
    if not asked or asked in name:
        return not in_palette or "?" in result.address
    spelt = spell(result.words)
    return spelt.initials.startswith(asked) or spelt.full.startswith(asked)
