"""Areas of the console: pages that belong together share one entry of the rail and one row of links on top.

To add a page, add a line to the area in AREAS, in the place where people look for it. Nothing else is needed: the rail,
the row of links (`_area.html`, drawn by every page that answers through `rendering.page`) and the palette follow.

    AreaPage("/segments", _("Segments"), sees_all)

`may` is given the reader's `Scope` and only hides what would be refused anyway: the page itself decides who is let in.
An area nobody of the reader's posts may open has no entry in the rail; with one page only, it has no row. What stands
under an address belongs to it: /segments/key-accounts is a page of "Segments".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import Scope
from guixin.organisation.models import Duty
from guixin.organisation.models.position import Rank
from guixin.serve.overview import sees_all
from guixin.understand.models.knowledge import keeps_knowledge


def everybody(scope: Scope) -> bool:
    """Whoever works here."""
    return scope.person_id is not None


def administrates(scope: Scope) -> bool:
    return scope.may_administrate


def looks_after_promises(scope: Scope) -> bool:
    """Who sees every case, and administrators."""
    return sees_all(scope) or administrates(scope)


def oversees(scope: Scope) -> bool:
    """Whoever looks after others, and who sees every case."""
    return sees_all(scope) or scope.rank >= Rank.SUPERVISOR


def keeps_segments(scope: Scope) -> bool:
    """Whoever sees every customer, and administrators. Who answers for one finds it by its address."""
    return sees_all(scope) or administrates(scope)


def hands_out(scope: Scope) -> bool:
    """Whoever takes data out of the house: the coordinator, and who sees everything."""
    return scope.sees_everything or scope.has_duty(Duty.COORDINATOR)


@dataclass(frozen=True)
class AreaPage:
    address: str
    words: Any
    may: Callable[[Scope], bool] = everybody

    def holds(self, path: str) -> bool:
        return path == self.address or path.startswith(f"{self.address}/")


@dataclass(frozen=True)
class Area:
    """`key` presses its entry in the rail, a chord like "g c"."""

    words: Any
    icon: str
    pages: tuple[AreaPage, ...]
    key: str = ""

    def pages_of(self, scope: Scope) -> list[AreaPage]:
        return [page for page in self.pages if page.may(scope)]


AREAS = (
    Area(
        _("Customers"),
        "team",
        (
            AreaPage("/customers", _("Customers"), sees_all),
            AreaPage("/segments", _("Segments"), keeps_segments),
            AreaPage("/contacts", _("Contacts")),
            AreaPage("/call-backs", _("Call-backs")),
            AreaPage("/visits", _("Visits")),
            AreaPage("/contacts/plans", _("Regular contacts")),
            AreaPage("/needs", _("Needs"), sees_all),
            AreaPage("/knowledge", _("Knowledge and market")),
            AreaPage("/knowledge/worklist", _("Knowledge to review"), keeps_knowledge),
            AreaPage("/customers/duplicates", _("Duplicates"), sees_all),
            AreaPage("/lifecycle", _("Lifecycle"), sees_all),
            AreaPage("/products", _("Products"), sees_all),
            AreaPage("/motives", _("Who decides, and why"), sees_all),
            AreaPage("/prices", _("Price studies"), keeps_segments),
            AreaPage("/exports", _("Export"), hands_out),
        ),
        key="g c",
    ),
    Area(
        _("Handbook"),
        "bookmark",
        (
            AreaPage("/handbook", _("Handbook")),
            AreaPage("/handbook/worklist", _("Handbook to keep"), keeps_knowledge),
            AreaPage("/handbook/first-contacts", _("Answered at first contact")),
        ),
        key="g b",
    ),
    Area(
        _("Promises"),
        "book",
        (
            AreaPage("/packages", _("Service packages"), looks_after_promises),
            AreaPage("/packages/kept", _("Promised and kept"), looks_after_promises),
            AreaPage("/communication", _("Communication plans"), looks_after_promises),
            AreaPage("/strategies", _("Strategies")),
            AreaPage("/blueprints", _("Blueprints")),
            AreaPage("/admin/standards", _("Service standards"), administrates),
            AreaPage("/requests", _("Requests")),
            AreaPage("/authority", _("Authority")),
            AreaPage("/recoveries", _("Recoveries")),
            AreaPage("/recoveries/effect", _("Did it work"), oversees),
            AreaPage("/compensations", _("Compensations")),
            AreaPage("/emergencies", _("Emergencies")),
            AreaPage("/problems", _("Hard problems")),
            AreaPage("/proposals", _("Proposals")),
            AreaPage("/statements", _("Monthly statements")),
        ),
        key="g p",
    ),
    Area(
        _("Surveys"),
        "ask",
        (
            AreaPage("/surveys", _("Waves"), keeps_segments),
            AreaPage("/questionnaires", _("Questionnaires"), keeps_segments),
        ),
        key="g s",
    ),
    Area(
        _("Causes"),
        "route",
        (
            AreaPage("/causes", _("Causes"), oversees),
            AreaPage("/surges", _("Surges"), oversees),
            AreaPage("/classification", _("Suggestions"), oversees),
        ),
        key="g r",
    ),
)


@dataclass(frozen=True)
class AreaRow:
    """The row of links on a page of an area, and which of them the page belongs to."""

    words: Any
    links: list[AreaPage]
    here: AreaPage

    @property
    def entry(self) -> str:
        """The address of the area in the rail."""
        return self.links[0].address if self.links else ""


def area_row(path: str, scope: Scope) -> AreaRow | None:
    """The area this address belongs to, if any; of two pages that hold it, the one that says more."""
    holding = [(page, area) for area in AREAS for page in area.pages if page.holds(path)]
    if not holding:
        return None
    page, area = max(holding, key=lambda each: len(each[0].address))
    return AreaRow(area.words, area.pages_of(scope), page)
