"""Waves that begin by themselves: each quarter from a plan, or because a case was closed, somebody met a customer, or bought
something. A worker looks; the firm's rules of asking hold as everywhere. The follow-up of a case can be such a wave."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen import frames, sampling, waves
from guixin.listen.events import WaveBegunByItself, WavePlanChanged
from guixin.listen.models import By, Response, Sample, Wave, WavePlan, asking_rules
from guixin.listen.sampling import ASKED_LATELY, LARGEST, Plan
from guixin.listen.waves import CannotListen
from guixin.organisation.models import Person
from guixin.serve.following_up import record_outcome
from guixin.serve.models import Case, FollowUp
from guixin.web.refusals import Refused

Begins = WavePlan.Begins
KEPT = (
    "name", "name_en", "questionnaire", "owner", "begins", "every_months", "next_on", "frame", "size", "by", "one_in", "is_follow_up",
    "remind_after_days",
)  # fmt: skip
LOOK_BACK = timedelta(hours=1)  # what was committed late is seen too; nobody is invited twice for one event
_LOOKING = 0x77617665  # advisory lock: one worker at a time begins waves


@transaction.atomic
def keep(code: str, said: Mapping[str, Any], *, by: Person | None, now: datetime) -> tuple[WavePlan, bool]:
    """Begin a standing plan, or change it. What happened before it was begun is not asked about. Returns whether it is other than
    before."""
    values = _checked({name: said[name] for name in KEPT if name in said}, by, now)
    plan = WavePlan.objects.select_for_update().filter(code=code).first()
    if plan is None:
        plan = WavePlan.objects.create(code=code, seen_until=now, **values)
        _changed(plan, "begun", by, now)
        return plan, True
    if plan.next_on and plan.begins == Begins.MONTHS:  # the day moves by itself
        values.pop("next_on", None)
    differing = [name for name, value in values.items() if getattr(plan, name) != value]
    if plan.withdrawn_at:
        plan.withdrawn_at, plan.seen_until = None, now
        differing += ["withdrawn_at", "seen_until"]
    for name in differing:
        setattr(plan, name, values.get(name, getattr(plan, name)))
    if differing:
        plan.save(update_fields=differing)
        _changed(plan, "changed", by, now)
    return plan, bool(differing)


@transaction.atomic
def withdraw(plan: WavePlan, *, by: Person | None, now: datetime) -> None:
    """No wave begins by it any more; those that run go on."""
    if WavePlan.objects.filter(pk=plan.pk, withdrawn_at=None).update(withdrawn_at=now):
        _changed(plan, "withdrawn", by, now)


def _checked(values: dict[str, Any], by: Person | None, now: datetime) -> dict[str, Any]:
    begins = values["begins"]
    if begins not in Begins.values:
        raise CannotListen(_("Say when it begins: every so many months, or upon what event."))
    if not values["owner"].is_active:
        raise CannotListen(_("%s no longer works here and cannot be responsible.") % values["owner"].name)
    for name, low, high, words in (
        ("every_months", 1, 24, _("A wave begins every 1 to 24 months.")),
        ("one_in", 1, 1000, _("One of 1 to 1000 is asked.")),
        ("size", 1, LARGEST, _("Ask between 1 and %s people, or leave it blank for everybody.") % LARGEST),
        ("remind_after_days", 1, 60, _("Remind after 1 to 60 days.")),
    ):
        if values.get(name) is not None and not (
            isinstance(values[name], int) and low <= values[name] <= high
        ):
            raise CannotListen(words)
    if values.get("by", "") not in By.values:
        raise CannotListen(_("Say how they are asked, and what tells the strata apart."))
    if begins == Begins.MONTHS:
        if not isinstance(values.get("next_on"), date):
            raise CannotListen(_("Say on which day the first wave begins."))
        values["frame"] = frames.checked(values.get("frame") or {}, by)
    else:
        values["next_on"], values["frame"] = None, {}
    if values.get("is_follow_up"):
        if begins != Begins.CASE_CLOSED:
            raise CannotListen(_("Only a wave about closed cases can be their follow-up."))
        version = values["questionnaire"].in_force()
        if version is None or not any(
            one.opens_at is not None and one.required for one in version.sheet.questions
        ):
            raise CannotListen(
                _(
                    "To be the follow-up, a question that must be answered has to say at which point it opens a case: that tells satisfied from not."
                )
            )
    return values


# -- what a worker does --------------------------------------------------------------------------------------------


@transaction.atomic
def begin_due(now: datetime) -> int:
    """Open the waves whose day has come and invite whom something happened to. Returns how many waves and people that were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOOKING])
        if not cursor.fetchone()[0]:
            return 0
    done = 0
    plans = WavePlan.objects.select_for_update(of=("self",)).select_related("questionnaire", "owner")
    for plan in plans.filter(withdrawn_at=None).order_by("pk"):
        if plan.begins != Begins.MONTHS:
            done += _invite(plan, now)
        elif plan.next_on and plan.next_on <= timezone.localdate(now):
            _begin(plan, now)
            done += 1
    return done


def _begin(plan: WavePlan, now: datetime) -> None:
    """A quarter that could not be drawn says why, to its owner too, and the next one is tried on its day."""
    assert plan.next_on is not None
    on, plan.trouble, wave = plan.next_on, "", None
    try:
        with transaction.atomic():
            wave = _open(plan, f"{on:%Y-%m}", f"{plan.code}-{on:%Y%m}", now)
            with transaction.atomic():
                said = Plan(plan.frame, size=plan.size, by=plan.by, remind_after_days=plan.remind_after_days)
                sampling.keep_plan(wave, said, by=None, now=now)
                sampling.draw(wave, by=None, now=now)
    except Refused as why:
        plan.trouble = str(why)
    while plan.next_on <= timezone.localdate(now):
        plan.next_on = months_later(plan.next_on, plan.every_months)
    plan.save(update_fields=["next_on", "trouble"])
    record(
        WaveBegunByItself(
            happened_at=now, about=wave.about if wave and wave.pk and not plan.trouble else plan.about, plan=plan.name,
            wave=wave.code if wave and not plan.trouble else "", holder_id=plan.owner_id, trouble=plan.trouble,
        )
    )  # fmt: skip


def _open(plan: WavePlan, when: str, code: str, now: datetime) -> Wave:
    wave = waves.open_wave(
        plan.questionnaire, name=f"{plan.name} {when}", name_en=f"{plan.name_en} {when}" if plan.name_en else "", code=code,
        owner=plan.owner, by=None, now=now,
    )  # fmt: skip
    Wave.objects.filter(pk=wave.pk).update(plan=plan)
    wave.plan = plan
    return wave


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month.

    >>> months_later(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# Each: (customer_id, case_id, contact_id, purchase_id, key, at), of what happened in the span.
_HAPPENED = {
    "follow_up": """
        SELECT k.customer_id, k.id AS case_id, NULL::bigint AS contact_id, NULL::bigint AS purchase_id,
               'case:' || k.id || ':' || f.generation AS key, f.planned_for AS at
        FROM serve_followup f JOIN serve_case k ON k.id = f.case_id
        WHERE f.state = 'planned' AND f.planned_for > %(since)s AND f.planned_for <= %(now)s AND k.state = 'closed'""",
    Begins.CASE_CLOSED: """
        SELECT k.customer_id, k.id AS case_id, NULL::bigint AS contact_id, NULL::bigint AS purchase_id,
               'case:' || k.id || ':' || k.generation AS key, k.closed_at AS at
        FROM serve_case k WHERE k.state = 'closed' AND k.closed_at > %(since)s AND k.closed_at <= %(now)s""",
    Begins.CONTACT_MADE: """
        SELECT t.customer_id, NULL::bigint AS case_id, t.id AS contact_id, NULL::bigint AS purchase_id, 'contact:' || t.id AS key,
               t.made_at AS at
        FROM understand_contact t
        WHERE t.state = 'made' AND t.kind <> 'message' AND t.outcome <> 'not_reached' AND t.made_at > %(since)s AND t.made_at <= %(now)s""",
    Begins.PURCHASED: """
        SELECT p.customer_id, NULL::bigint AS case_id, NULL::bigint AS contact_id, p.id AS purchase_id, 'purchase:' || p.id AS key,
               p.bought_at AS at
        FROM understand_purchase p WHERE p.kind = 'sale' AND p.landed_at > %(since)s AND p.landed_at <= %(now)s""",
}
_INVITE = """
    WITH happened AS ({happened}), chosen AS (
        SELECT DISTINCT ON (h.customer_id) h.* FROM happened h JOIN understand_customer c ON c.id = h.customer_id
        LEFT JOIN LATERAL (
            SELECT withdrawn_at IS NULL AS stands FROM understand_consent s
            WHERE s.customer_id = h.customer_id AND s.purpose = 'survey' AND s.channel IN ('', 'email')
            ORDER BY greatest(s.given_at, s.withdrawn_at) DESC, s.id DESC LIMIT 1) AS said ON true
        WHERE c.merged_into_id IS NULL AND coalesce(said.stands, true)
          AND ('x' || substr(md5(%(code)s || ':' || h.key), 1, 7))::bit(28)::int %% %(one_in)s = 0
          AND EXISTS (SELECT FROM understand_identity n WHERE n.customer_id = h.customer_id AND n.kind = 'email')
          AND (%(excepts)s OR NOT {lately})
        ORDER BY h.customer_id, h.at DESC, h.key)
    INSERT INTO listen_invitation
        (wave_id, customer_id, case_id, contact_id, purchase_id, made_at, is_answered, state, reason, key, stratum, next_at)
    SELECT %(wave)s, customer_id, case_id, contact_id, purchase_id, %(now)s, false, 'waiting', '', key, '', %(now)s FROM chosen
    WHERE NOT EXISTS (SELECT FROM listen_invitation i JOIN listen_wave w ON w.id = i.wave_id WHERE w.plan_id = %(plan)s AND i.key = chosen.key)
    ON CONFLICT (wave_id, key) DO NOTHING
"""


def _invite(plan: WavePlan, now: datetime) -> int:
    """One statement for all that happened since the last look. A follow-up is asked whatever was asked lately: it was promised."""
    happened = _HAPPENED["follow_up" if plan.is_follow_up else Begins(plan.begins)]
    values: dict[str, Any] = {"since": plan.seen_until - LOOK_BACK, "now": now}
    plan.seen_until = max(now, plan.seen_until)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({happened})", values)
        if not cursor.fetchone()[0]:
            plan.save(update_fields=["seen_until"])
            return 0
        sampling.take_turns()
        try:
            with transaction.atomic():
                wave = _wave_of_the_quarter(plan, now)
        except Refused as why:
            plan.trouble = str(why)
            plan.save(update_fields=["seen_until", "trouble"])
            return 0
        statement = _INVITE.format(happened=happened, lately=ASKED_LATELY.format(customer="h.customer_id"))
        values |= {
            "wave": wave.pk, "plan": plan.pk, "code": plan.code, "one_in": plan.one_in, "excepts": plan.is_follow_up,
            "lately": now - timedelta(days=asking_rules().quiet_days),
        }  # fmt: skip
        cursor.execute(statement, values)
        invited = cursor.rowcount
    plan.trouble = ""
    plan.save(update_fields=["seen_until", "trouble"])
    return invited


def _wave_of_the_quarter(plan: WavePlan, now: datetime) -> Wave:
    """The one that runs, opened if there is none; whatever is published later, it asks what it began with."""
    today = timezone.localdate(now)
    quarter = (today.month + 2) // 3
    code = f"{plan.code}-{today.year}q{quarter}"
    found = Wave.objects.filter(code=code, plan=plan).first()
    if found is None:
        found = _open(plan, f"{today.year} Q{quarter}", code, now)
        Sample.objects.create(
            wave=found, frame={}, seed=0, remind_after_days=plan.remind_after_days, planned_at=now, drawn_at=now, seal=token_hex(32),
            drawn={"frame": 0, "left_out": {}, "asked": 0, "rate": 0, "rate_from": "", "strata": {}},
        )  # fmt: skip
    return found


# -- the follow-up of a case ---------------------------------------------------------------------------------------


def settle_follow_up(response: Response, said: str, *, is_low: bool, now: datetime) -> None:
    """An answer that was no low score does the follow-up it was asked for: satisfied. A low one has done it already, and opened
    the case again. `said`: the answers in words, which stand in the follow-up."""
    if is_low or response.case_id is None or not response.wave.plan_id:
        return
    if not WavePlan.objects.filter(pk=response.wave.plan_id, is_follow_up=True).exists():
        return
    planned = FollowUp.objects.filter(
        case=response.case_id, state=FollowUp.State.PLANNED, case__state=Case.State.CLOSED
    ).first()
    if planned is not None:
        record_outcome(planned, FollowUp.Outcome.SATISFIED, now=now, comment=said)


def _changed(plan: WavePlan, change: str, by: Person | None, now: datetime) -> None:
    record(
        WavePlanChanged(
            happened_at=now, actor_id=by.pk if by else None, about=plan.about, plan=plan.name, wave_plan_change=change
        )
    )  # fmt: skip
