"""Frames (抽样框): the people a wave could ask, each once, as one statement of the database.

A frame is kept as plain values, {"from": "cases", "which": "any", "days": 30, "kinds": ["complaint"], "department": 4}, and
each person stands in it with the newest thing it is about. Open cases are among those asked: the unhappy are still open.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.listen.waves import CannotListen
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.serve.models import Case
from guixin.understand.models import ContactKind, Segment

SEGMENT, CASES, CONTACTS, PURCHASES = "segment", "cases", "contacts", "purchases"
FROM = [
    (SEGMENT, gettext_lazy("A segment")),
    (CASES, gettext_lazy("Cases")),
    (CONTACTS, gettext_lazy("Visits and other contacts")),
    (PURCHASES, gettext_lazy("Purchases")),
]
WHICH = [
    ("any", gettext_lazy("Open now, and closed in these days")),
    ("open", gettext_lazy("Open now")),
    ("closed", gettext_lazy("Closed in these days")),
]
LONGEST_DAYS = 3 * 366
HELD = [kind for kind in ContactKind.values if kind != ContactKind.MESSAGE]  # somebody met or spoke to them

# Each: (customer_id, case_id, contact_id, purchase_id, department_id), one row a customer.
_ROWS = {
    SEGMENT: """
        SELECT m.customer_id, NULL::bigint AS case_id, NULL::bigint AS contact_id, NULL::bigint AS purchase_id,
               NULL::bigint AS department_id
        FROM understand_membership m WHERE m.segment_id = %(segment)s AND m.until IS NULL""",
    CASES: """
        SELECT DISTINCT ON (k.customer_id) k.customer_id, k.id AS case_id, NULL::bigint AS contact_id,
               NULL::bigint AS purchase_id, coalesce(z.department_id, k.department_id) AS department_id
        FROM serve_case k LEFT JOIN LATERAL (
            SELECT department_id FROM serve_closing WHERE case_id = k.id ORDER BY generation DESC LIMIT 1) z ON true
        WHERE k.customer_id IS NOT NULL
          AND ((%(which)s IN ('any', 'open') AND k.state IN ('open', 'waiting', 'answered'))
               OR (%(which)s IN ('any', 'closed') AND k.state = 'closed' AND k.closed_at >= %(since)s))
          AND (%(kinds)s::text[] IS NULL OR k.kind = ANY(%(kinds)s::text[]))
          AND (%(departments)s::bigint[] IS NULL
               OR coalesce(z.department_id, k.department_id) = ANY(%(departments)s::bigint[])
               OR EXISTS (SELECT FROM serve_task t WHERE t.case_id = k.id AND t.department_id = ANY(%(departments)s::bigint[])))
        ORDER BY k.customer_id, k.opened_at DESC, k.id DESC""",
    CONTACTS: """
        SELECT DISTINCT ON (k.customer_id) k.customer_id, NULL::bigint AS case_id, k.id AS contact_id,
               NULL::bigint AS purchase_id, NULL::bigint AS department_id
        FROM understand_contact k
        WHERE k.state = 'made' AND k.made_at >= %(since)s AND k.kind = ANY(%(kinds)s::text[]) AND k.outcome <> 'not_reached'
          AND NOT EXISTS (SELECT FROM listen_invitation i WHERE i.customer_id = k.customer_id AND i.called_at = k.made_at)
        ORDER BY k.customer_id, k.made_at DESC, k.id DESC""",
    PURCHASES: """
        SELECT DISTINCT ON (p.customer_id) p.customer_id, NULL::bigint AS case_id, NULL::bigint AS contact_id,
               p.id AS purchase_id, NULL::bigint AS department_id
        FROM understand_purchase p
        WHERE p.customer_id IS NOT NULL AND p.kind = 'sale' AND p.bought_at >= %(since)s AND p.bought_at < %(until)s
        ORDER BY p.customer_id, p.bought_at DESC, p.id DESC""",
}


def checked(said: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """The frame as plain values, or a refusal in words. `person` chooses among what they may see; none: the firm file.

    from        segment, cases, contacts, purchases
    segment     code
    which       of cases: any, open, closed; with `days`, `kinds`, `department` (code)
    days        of contacts too; `kinds` of contacts
    since, until   of purchases, days of the firm, both counted in; or `days`, for a plan that comes again and again
    """
    kind = said.get("from") or ""
    if kind not in _ROWS:
        raise CannotListen(
            _("Say where those come from who are asked: a segment, cases, contacts or purchases.")
        )
    if kind == SEGMENT:
        return {"from": kind, "segment": known_segment(said.get("segment") or "", person).code}
    if kind == PURCHASES and not said.get("since") and said.get("days"):
        return {"from": kind, "days": _days(said["days"])}
    if kind == PURCHASES:
        since, until = _day(said.get("since")), _day(said.get("until"))
        if since > until:
            raise CannotListen(_("The last day lies before the first."))
        return {"from": kind, "since": since.isoformat(), "until": until.isoformat()}
    frame = {
        "from": kind,
        "kinds": known_kinds(said.get("kinds") or (), kind),
        "days": _days(said.get("days")),
    }
    if kind == CASES:
        which = said.get("which") or "any"
        if which not in dict(WHICH):
            raise CannotListen(_("Say which cases: open, closed, or both."))
        code = str(said.get("department") or "")
        frame |= {"which": which, "department": known_department(code, person).code if code else ""}
    return frame


def known_kinds(said: Iterable[str], source: str) -> list[str]:
    kinds = list(dict.fromkeys(said))
    known = Case.Kind.values if source == CASES else HELD
    if unknown := next((each for each in kinds if each not in known), None):
        raise CannotListen(_("“%s” is none of the kinds there are.") % unknown)
    return kinds


def known_segment(code: str, person: Person | None) -> Segment:
    seen = Segment.objects.visible_to(person) if person else Segment.objects.all()
    found = seen.published().filter(code=code).first()
    if found is None:
        raise CannotListen(_("There is no segment “%s” in force.") % code)
    return found


def _days(said: Any) -> int:
    days = 30 if said in (None, "") else said
    if not isinstance(days, int) or not 1 <= days <= LONGEST_DAYS:
        raise CannotListen(_("Between 1 and %s days back.") % LONGEST_DAYS)
    return days


def _day(said: Any) -> date:
    try:
        day = said if isinstance(said, date) else date.fromisoformat(str(said))
    except ValueError as wrong:
        raise CannotListen(_("Say from which day to which day.")) from wrong
    if not 2000 <= day.year <= 2200:
        raise CannotListen(_("Give a day between 2000 and 2200."))
    return day


def known_department(code: str, person: Person | None) -> Department:
    found = Department.objects.filter(code=code).first()
    scope = scope_of(person) if person else None
    if found is None or (
        scope and not (scope.may_administrate or scope.is_front_desk or found.pk in scope.department_ids)
    ):
        raise CannotListen(_("There is no department “%s”.") % code)
    return found


def rows_of(frame: Mapping[str, Any], now: datetime) -> tuple[str, dict[str, Any]]:
    """The statement that gives the frame, and its values."""
    kind, values = frame["from"], dict[str, Any]()
    if kind == SEGMENT:
        values["segment"] = Segment.objects.values_list("pk", flat=True).filter(code=frame["segment"]).first()
    elif kind == PURCHASES and "days" in frame:
        values |= {"since": now - timedelta(days=frame["days"]), "until": now}
    elif kind == PURCHASES:
        values["since"] = _midnight(date.fromisoformat(frame["since"]))
        values["until"] = _midnight(date.fromisoformat(frame["until"]) + timedelta(days=1))
    else:
        values["since"] = now - timedelta(days=frame["days"])
        values["kinds"] = frame["kinds"] or (None if kind == CASES else HELD)
    if kind == CASES:
        code = frame.get("department")
        top = Department.objects.filter(code=code).values_list("pk", flat=True).first() if code else None
        values["which"] = frame["which"]
        values["departments"] = sorted(Ladder.at(now).departments_under(top)) if top else None
    return _ROWS[kind], values


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def in_words(frame: Mapping[str, Any], language: str) -> str:
    """The frame as a sentence of the page."""
    kind = frame["from"]
    if kind == SEGMENT:
        segment = Segment.objects.filter(code=frame["segment"]).first()
        return _("Segment %s") % (segment.shown_name(language) if segment else frame["segment"])
    if kind == PURCHASES and "days" in frame:
        return _("Whoever bought something in the last %s days") % frame["days"]
    if kind == PURCHASES:
        return _("Whoever bought something from %(since)s to %(until)s") % frame
    if kind == CONTACTS:
        words = _("Whoever we met or spoke to in the last %s days") % frame["days"]
        return _with_kinds(words, [str(ContactKind(each).label) for each in frame["kinds"]])
    words = {
        "open": _("Customers of open cases"),
        "closed": _("Customers of cases closed in the last %s days") % frame["days"],
        "any": _("Customers of open cases, and of those closed in the last %s days") % frame["days"],
    }[frame["which"]]
    names = [str(Case.Kind(each).label) for each in frame["kinds"]]
    department = Department.objects.filter(code=frame.get("department") or "-").first()
    return _with_kinds(words, names + ([department.shown_name(language)] if department else []))


def _with_kinds(words: str, kinds: list[str]) -> str:
    return f"{words} ({', '.join(kinds)})" if kinds else words
