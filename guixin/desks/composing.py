"""What the composer of a case shows: its tabs, who reads what is written, drafts, and what others said meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.desks.forms.composer import CHANNELS, FORMS, SayForm
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn
from guixin.handbook.models import Article
from guixin.handbook.saying import words_for_reply
from guixin.ledger.clock import database_now
from guixin.ledger.reading import Reading, Together
from guixin.serve import drafts, meanwhile, sending, templates
from guixin.serve.models import Case, Draft, DraftFile, HeldReply, Template, Watch
from guixin.serve.permitting import may_serve
from guixin.serve.templates import Filled
from guixin.understand.identities import IdentityKind

TABS = ("reply", "note", "task")
# What one person has of their own on a case; most have nothing.
THEIR_OWN = Together(
    watches=Reading(lambda case_id, person_id: Watch.objects.filter(case_id=case_id, person_id=person_id)),
    drafts=Reading(lambda case_id, person_id: Draft.objects.filter(case_id=case_id, person_id=person_id)),
    files=Reading(
        lambda case_id, person_id: DraftFile.objects.filter(case_id=case_id, person_id=person_id).order_by(
            "at", "pk"
        )
    ),
    held=Reading(
        lambda case_id, person_id: HeldReply.objects.filter(
            case_id=case_id, by_id=person_id, state__in=["held", "refused"]
        ).order_by("-pk")[:5]
    ),
)
REFUSED_SHOWN_FOR = timedelta(hours=2)
_REACHED_AT = {
    Case.Channel.PHONE: IdentityKind.PHONE,
    Case.Channel.EMAIL: IdentityKind.EMAIL,
}


@dataclass(frozen=True)
class Audience:
    """Who reads a reply over this channel, by name."""

    channel: str
    words: str


@dataclass
class Panel:
    """One tab with its form; `draft`: its fields are as they were typed before; `files` were chosen before."""

    tab: str
    form: SayForm
    is_open: bool
    refusal: str = ""
    draft: bool = False
    files: list[DraftFile] = field(default_factory=list)
    files_refusal: str = ""

    @property
    def address(self) -> str:
        return f"/cases/{self.form.noun.number}/composer/{self.tab}"


@dataclass
class Composer:
    case: Case
    person: Any
    tab: str
    panels: list[Panel]
    customer: dict[str, Any] | None
    held: HeldReply | None  # mine, on its way
    refused: HeldReply | None  # mine, that could not leave
    now: datetime
    held_files: int = 0  # that leave with it
    is_watched: bool = False
    said_meanwhile: meanwhile.SaidMeanwhile | None = None
    yours: str = ""
    templates: list = field(default_factory=list)

    @cached_property
    def name(self) -> str:
        return (self.customer or {}).get("name") or _("the customer of this case")

    @cached_property
    def audiences(self) -> list[Audience]:
        return [Audience(channel, self._audience(channel, label)) for channel, label in CHANNELS]

    def _audience(self, channel: str, label: Any) -> str:
        wanted = _REACHED_AT.get(Case.Channel(channel))
        shown = next(
            (each["shown"] for each in (self.customer or {}).get("identities", ()) if each["kind"] == wanted),
            "",
        )
        return f"{self.name} ({label} {shown})" if shown else f"{self.name} ({label})"

    @property
    def reply(self) -> Panel | None:
        return next((panel for panel in self.panels if panel.tab == "reply"), None)

    @property
    def channel(self) -> str:
        return str(self.reply.form["channel"].value()) if self.reply else ""

    @property
    def hold(self) -> int:
        return sending.hold_of(self.person)


def composer(
    case: Case,
    person: Any,
    *,
    lists: Lists | None = None,
    wanted: str = "",
    customer: dict[str, Any] | None = None,
    said: dict[str, QueryDict] | None = None,
    refusals: dict[str, str] | None = None,
    instead: dict[str, Any] | None = None,
    seen: int | None = None,
) -> Composer:
    """For this person: whoever sees the case may note; only who serves it speaks to the customer or gives tasks.

    said, refusals    what was posted and refused, by tab
    instead           words of a template in the place of the draft
    seen              the newest message on the page the composer stands on; asked for when not given
    """
    lists, said, refusals = lists or Lists(), said or {}, refusals or {}
    tabs = TABS if case.is_open and may_serve(case, person) else ("note",)
    own = THEIR_OWN.rows(case_id=case.pk, person_id=person.pk)
    kept = {each.tab: each.said for each in own["drafts"]}
    files = [each for each in own["files"] if each.held_id is None]
    begun = {*said, *kept, *(each.tab for each in files)}
    if not wanted or wanted not in tabs:
        wanted = next((tab for tab in tabs if tab in begun), tabs[0])
    if seen is None:
        seen = meanwhile.last_said(case) if "reply" in tabs else 0
    panels = []
    for tab in tabs:
        initial: dict[str, Any] = {"seen": seen} if tab == "reply" else {}
        initial |= kept.get(tab, {}) | ((instead or {}) if tab == wanted else {})
        form = FORMS[tab](
            said.get(tab), noun=case, lists=lists, initial=initial, auto_id=f"say-{tab}-%s", label_suffix=""
        )
        is_draft = tab in kept and tab not in said
        its_files = [each for each in files if each.tab == tab]
        panels.append(Panel(tab, form, tab == wanted, refusals.get(tab, ""), is_draft, its_files))
    mine, now = own["held"], database_now()
    held = next((each for each in mine if each.state == HeldReply.State.HELD), None)
    return Composer(
        case=case,
        person=person,
        tab=wanted,
        panels=panels,
        customer=customer if customer else case.customer.shown_to(person) if case.customer else None,
        held=held,
        held_files=sum(each.held_id == held.pk for each in own["files"]) if held else 0,
        refused=next(
            (
                each
                for each in mine[:1]
                if each.state == HeldReply.State.REFUSED and (each.ended_at or now) > now - REFUSED_SHOWN_FOR
            ),
            None,
        ),
        now=now,
        is_watched=bool(own["watches"]),
    )


def composer_of(
    request: SignedIn, case: Case, customer: dict[str, Any] | None = None, seen: int | None = None
) -> Composer:
    """For the page of the case. `?say=` opens a tab; without JavaScript `?templates` lists the templates and
    `?template=` puts the words of one in, `?article=` those of an article below what is typed."""
    wanted, instead = request.GET.get("say", ""), None
    if chosen := request.GET.get("template", ""):
        for template, filled in offered(case, request.user, chosen):
            wanted = "note" if template.is_note else "reply"
            instead = words_of(template, filled)
    if article := article_to_insert(request, case):
        wanted, instead = "reply", _with_words_of(article, case, request.user)
    shown = composer(case, request.user, wanted=wanted, customer=customer, instead=instead, seen=seen)
    if "templates" in request.GET:
        shown.templates = offered(case, request.user)
    return shown


def article_to_insert(request: SignedIn, case: Case) -> Article | None:
    """`?article=`: one that is relied upon and says something for customers."""
    pk = request.GET.get("article", "")
    if not pk.isdecimal() or len(pk) > 18 or not (case.is_open and may_serve(case, request.user)):
        return None
    today = timezone.localdate(database_now())
    return Article.objects.visible_to(request.user).in_force(today).filter(pk=pk).first()


def _with_words_of(article: Article, case: Case, person: Any) -> dict[str, Any]:
    """What is typed already stays, the words of the article follow in the customer's language."""
    typed = drafts.of(case, person).get("reply", {}).get("body", "").strip()
    words = words_for_reply(article, case.language)
    body = typed if words in typed else "\n\n".join(filter(None, [typed, words]))
    return {"body": body, "article": str(article.pk)}


def offered(case: Case, person: Any, only: str = "") -> list[tuple[Template, Filled]]:
    """The templates this person may use on this case, each filled with its values; `only` the one with this id."""
    now = database_now()
    known: dict[str, str] = {}
    found = [each for each in templates.of(person) if not only or str(each.pk) == only]
    if not (case.is_open and may_serve(case, person)):
        found = [each for each in found if each.is_note]
    return [
        (each, templates.fill(each.words_for(case), case, by=person, now=now, known=known)) for each in found
    ]


def words_of(template: Template, filled: Filled) -> dict[str, Any]:
    """The fields of the composer this template fills in."""
    if template.is_note:
        return {"body": filled.body}
    return {
        "body": filled.body,
        "kind": template.kind,
        "template": str(template.pk),
        "settle": template.settles,
        "department": template.at_fault_id,
        "quality_point": template.quality_point,
        "cause": template.cause,
        "task_for": template.task_for_id,
        "instruction": template.instruction,
        "opens_next": template.opens_next,
    }
