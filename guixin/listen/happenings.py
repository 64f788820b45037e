"""What happens to customers that a standing plan asks about: which of it (narrowed), and who of those it happened to is asked.

A plan may say `only` some of it, as plain values: {"kinds": ["complaint"], "department": "quality", "category": "delivery",
"segment": "key"}. What it does not name, it does not narrow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guixin.ledger.bulk import fetch_rows
from guixin.listen import frames
from guixin.listen.models import Invitation, WavePlan, asking_rules
from guixin.listen.sampling import ASKED_LATELY
from guixin.listen.waves import CannotListen
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.serve.models import Case, Term
from guixin.understand.models import ContactKind, Segment

Begins = WavePlan.Begins
FORESEEN = timedelta(days=30)
NARROWS: dict[str, tuple[str, ...]] = {
    Begins.CASE_CLOSED: ("kinds", "department", "category", "segment"),
    Begins.CONTACT_MADE: ("kinds", "segment"),
    Begins.PURCHASED: ("segment",),
    Begins.MONTHS: (),
}
NOT_CHOSEN = "not_chosen"

_OF_CASES = """
          AND (%(kinds)s::text[] IS NULL OR k.kind = ANY(%(kinds)s::text[]))
          AND (%(category)s = '' OR starts_with(k.category || '/', %(category)s || '/'))
          AND (%(departments)s::bigint[] IS NULL
               OR coalesce((SELECT department_id FROM serve_closing WHERE case_id = k.id ORDER BY generation DESC LIMIT 1), k.department_id)
                  = ANY(%(departments)s::bigint[])
               OR EXISTS (SELECT FROM serve_task s WHERE s.case_id = k.id AND s.department_id = ANY(%(departments)s::bigint[])))"""
# Each: (customer_id, case_id, contact_id, purchase_id, key, at), of what happened in the span.
_HAPPENED: dict[str, str] = {
    "follow_up": f"""
        SELECT k.customer_id, k.id AS case_id, NULL::bigint AS contact_id, NULL::bigint AS purchase_id,
               'case:' || k.id || ':' || f.generation AS key, f.planned_for AS at
        FROM serve_followup f JOIN serve_case k ON k.id = f.case_id
        WHERE f.state = 'planned' AND f.planned_for > %(since)s AND f.planned_for <= %(until)s AND k.state = 'closed'{_OF_CASES}""",  # noqa: S608  of this file
    Begins.CASE_CLOSED: f"""
        SELECT k.customer_id, k.id AS case_id, NULL::bigint AS contact_id, NULL::bigint AS purchase_id,
               'case:' || k.id || ':' || k.generation AS key, k.closed_at AS at
        FROM serve_case k WHERE k.state = 'closed' AND k.closed_at > %(since)s AND k.closed_at <= %(until)s{_OF_CASES}""",  # noqa: S608  of this file
    Begins.CONTACT_MADE: """
        SELECT t.customer_id, NULL::bigint AS case_id, t.id AS contact_id, NULL::bigint AS purchase_id, 'contact:' || t.id AS key,
               t.made_at AS at
        FROM understand_contact t
        WHERE t.state = 'made' AND t.kind <> 'message' AND t.outcome <> 'not_reached' AND t.made_at > %(since)s AND t.made_at <= %(until)s
          AND (%(kinds)s::text[] IS NULL OR t.kind = ANY(%(kinds)s::text[]))
          AND NOT EXISTS (SELECT FROM listen_invitation i WHERE i.customer_id = t.customer_id AND i.called_at = t.made_at)""",
    Begins.PURCHASED: """
        SELECT p.customer_id, NULL::bigint AS case_id, NULL::bigint AS contact_id, p.id AS purchase_id, 'purchase:' || p.id AS key,
               p.bought_at AS at
        FROM understand_purchase p WHERE p.kind = 'sale' AND p.landed_at > %(since)s AND p.landed_at <= %(until)s""",
}
_ASKED_OF_IT = """EXISTS (
    SELECT FROM listen_invitation i JOIN listen_wave w ON w.id = i.wave_id WHERE w.plan_id = %(plan)s AND i.key = h.key)"""
# One row a customer: the newest that may be asked about, or else why they are not asked.
_CHOSEN = """
    WITH happened AS ({happened}), told AS (
        SELECT h.*, CASE
            WHEN {asked_of_it} THEN 'asked'
            WHEN NOT coalesce(said.stands, true) THEN 'consent'
            WHEN NOT %(excepts)s AND {lately} THEN 'fatigue'
            WHEN NOT EXISTS (SELECT FROM understand_identity n WHERE n.customer_id = h.customer_id AND n.kind = 'email') THEN 'address'
            WHEN ('x' || substr(md5(%(code)s || ':' || h.key), 1, 7))::bit(28)::int %% %(one_in)s <> 0 THEN 'not_chosen'
            ELSE '' END AS reason
        FROM happened h JOIN understand_customer c ON c.id = h.customer_id AND c.merged_into_id IS NULL
        LEFT JOIN LATERAL (
            SELECT withdrawn_at IS NULL AS stands FROM understand_consent s
            WHERE s.customer_id = h.customer_id AND s.purpose = 'survey' AND s.channel IN ('', 'email')
            ORDER BY greatest(s.given_at, s.withdrawn_at) DESC, s.id DESC LIMIT 1) AS said ON true
        WHERE %(segment)s::bigint IS NULL OR EXISTS (
            SELECT FROM understand_membership m WHERE m.customer_id = h.customer_id AND m.segment_id = %(segment)s AND m.until IS NULL)
    ), chosen AS (
        SELECT DISTINCT ON (customer_id) * FROM told ORDER BY customer_id, reason NOT IN ('', 'asked'), at DESC, key)"""


def checked(begins: str, said: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    """What a plan is narrowed to, or a refusal in words. `person` chooses among what they may see; none: the firm file."""
    only = {name: value for name, value in said.items() if value}
    if foreign := sorted(set(only) - set(NARROWS[begins])):
        raise CannotListen(
            _("“%(key)s” does not narrow what happens here. Known are: %(known)s.")
            % {"key": foreign[0], "known": ", ".join(NARROWS[begins]) or pgettext("list", "nothing")}
        )
    if "kinds" in only:
        source = frames.CASES if begins == Begins.CASE_CLOSED else frames.CONTACTS
        only["kinds"] = frames.known_kinds(only["kinds"], source)
    if "department" in only:
        frames.known_department(only["department"], person)
    if "category" in only and only["category"] not in _categories():
        raise CannotListen(_("There is no category “%s”.") % only["category"])
    if "segment" in only:
        frames.known_segment(only["segment"], person)
    return only


def _categories() -> dict[str, str]:
    return dict(Term.objects.filter(list=Term.List.CATEGORY).values_list("code", "name"))


def chosen(plan: WavePlan, since: datetime, until: datetime, now: datetime) -> tuple[str, dict[str, Any]]:
    """The statement, ending after its CTE `chosen`, with its values. A follow-up is asked whatever was asked lately: it was
    promised. Refuses where what the plan is narrowed to is gone."""
    statement = _CHOSEN.format(
        happened=_happened(plan),
        asked_of_it=_ASKED_OF_IT,
        lately=ASKED_LATELY.format(customer="h.customer_id"),
    )
    return statement, _values(plan, since, until) | {
        "plan": plan.pk, "code": plan.code, "one_in": plan.one_in, "excepts": plan.is_follow_up,
        "lately": now - timedelta(days=asking_rules().quiet_days),
    }  # fmt: skip


def _happened(plan: WavePlan) -> str:
    return _HAPPENED["follow_up" if plan.is_follow_up else plan.begins]


def has_happened(plan: WavePlan, since: datetime, until: datetime) -> bool:
    """Whether there is anything to ask about: most looks of a worker end here."""
    return fetch_rows(f"SELECT EXISTS ({_happened(plan)})", _values(plan, since, until))[0][0]


def _values(plan: WavePlan, since: datetime, until: datetime) -> dict[str, Any]:
    only = plan.only
    top = frames.known_department(only["department"], None) if only.get("department") else None
    return {
        "since": since, "until": until, "kinds": only.get("kinds"), "category": only.get("category", ""),
        "departments": sorted(Ladder.at(until).departments_under(top.pk)) if top else None,
        "segment": frames.known_segment(only["segment"], None).pk if only.get("segment") else None,
    }  # fmt: skip


@dataclass(frozen=True)
class Foreseen:
    """Whom a plan would ask, and why not the others. Each customer once."""

    people: int = 0
    asked: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    problem: str = ""


def foreseen(plan: WavePlan, now: datetime) -> Foreseen:
    """Of the last thirty days; of a follow-up, those that fall due in the next thirty. A plan that is not kept has no pk."""
    since, until = (now, now + FORESEEN) if plan.is_follow_up else (now - FORESEEN, now)
    statement, values = chosen(plan, since, until, now)
    counted = fetch_rows(f"{statement} SELECT reason, count(*) FROM chosen GROUP BY 1", values)  # noqa: S608  of this file
    rows: dict[str, int] = dict(counted)
    people, asked = sum(rows.values()), rows.pop("", 0)
    order = [*Invitation.Reason.values, NOT_CHOSEN]
    return Foreseen(people, asked, {reason: rows[reason] for reason in order if reason in rows})


def reason_words(reason: str) -> str:
    return str(_("by chance not chosen") if reason == NOT_CHOSEN else Invitation.Reason(reason).label)


def in_words(plan: WavePlan, language: str) -> list[str]:
    """What a plan is narrowed to, one sentence each; none: everything."""
    only, told = plan.only, list[str]()
    if kinds := only.get("kinds"):
        labels = Case.Kind if plan.begins == Begins.CASE_CLOSED else ContactKind
        told.append(_("Only %s") % ", ".join(str(labels(each).label) for each in kinds))
    if code := only.get("category"):
        told.append(_("Only the category %s") % _categories().get(code, code))
    if code := only.get("department"):
        found = Department.objects.filter(code=code).first()
        told.append(_("Only what %s had a part in") % (found.shown_name(language) if found else code))
    if code := only.get("segment"):
        segment = Segment.objects.filter(code=code).first()
        told.append(_("Only customers of %s") % (segment.shown_name(language) if segment else code))
    return told
