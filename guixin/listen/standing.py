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
from guixin.listen import frames, hanging_up, happenings, sampling, waves
from guixin.listen.building import LONGEST_NAME
from guixin.listen.events import WaveBegunByItself, WavePlanChanged
from guixin.listen.happenings import Foreseen
from guixin.listen.models import By, Response, Sample, Wave, WavePlan
from guixin.listen.sampling import LARGEST, Plan
from guixin.listen.waves import CannotListen, NotPossibleNow
from guixin.organisation.models import Person
from guixin.organisation.pinyin import new_code
from guixin.serve.following_up import record_outcome
from guixin.serve.models import Case, FollowUp
from guixin.web.refusals import Refused

Begins = WavePlan.Begins
KEPT = (
    "name", "name_en", "questionnaire", "owner", "begins", "every_months", "next_on", "frame", "size", "by", "only", "one_in",
    "is_follow_up", "remind_after_days", "places",
)  # fmt: skip
LONGEST_CODE = 30  # a wave adds its month or quarter
LOOK_BACK = timedelta(hours=1)  # what was committed late is seen too; nobody is invited twice for one event
_LOOKING = 0x77617665  # advisory lock: one worker at a time begins waves


@transaction.atomic
def keep(
    code: str, said: Mapping[str, Any], *, by: Person | None, now: datetime, moves_the_day: bool = False
) -> tuple[WavePlan, bool]:
    """Begin a standing plan, or change it; a new one without a code is given one. What happened before it was begun, or before it
    asked upon another event, is not asked about. Returns whether it is other than before.

    moves_the_day   `next_on` is the next day from now on. Without it, a day that has moved by itself stays: a firm file says the first.
    """
    values = checked(said, by, now)
    plan = WavePlan.objects.select_for_update().filter(code=code).first() if code else None
    if plan is None:
        code = new_code(
            code, values["name"], values.get("name_en", ""), _is_taken, otherwise="plan", longest=26
        )
        if len(code) > LONGEST_CODE:
            raise CannotListen(_("The code of a plan has at most %s letters.") % LONGEST_CODE)
        plan = WavePlan.objects.create(code=code, seen_until=now, **values)
        _changed(plan, "begun", by, now)
        return plan, True
    if plan.next_on and plan.begins == Begins.MONTHS and not moves_the_day:
        values.pop("next_on", None)
    differing = [name for name, value in values.items() if getattr(plan, name) != value]
    if "begins" in differing:
        plan.seen_until = now
    for name in differing:
        setattr(plan, name, values[name])
    if differing:
        plan.number += 1
        plan.save(update_fields=[*differing, "number", "seen_until"])
        _changed(plan, "changed", by, now)
    return plan, bool(differing)


def _is_taken(code: str) -> bool:
    return WavePlan.objects.filter(code=code).exists()


@transaction.atomic
def withdraw(plan: WavePlan, *, by: Person | None, now: datetime) -> None:
    """No wave begins by it any more; those that run go on."""
    if WavePlan.objects.filter(pk=plan.pk, withdrawn_at=None).update(withdrawn_at=now):
        _changed(plan, "withdrawn", by, now)


@transaction.atomic
def restore(plan: WavePlan, *, by: Person | None, now: datetime) -> None:
    """Waves begin by it again. What happened while it stood still is not asked about, and days that passed are not made up for."""
    there = WavePlan.objects.select_for_update().get(pk=plan.pk)
    if there.withdrawn_at is None:
        return
    there.withdrawn_at, there.seen_until, there.trouble = None, now, ""
    while there.next_on and there.next_on < timezone.localdate(now):
        there.next_on = months_later(there.next_on, there.every_months)
    there.save(update_fields=["withdrawn_at", "seen_until", "trouble", "next_on"])
    _changed(there, "restored", by, now)


def checked(said: Mapping[str, Any], by: Person | None, now: datetime) -> dict[str, Any]:
    """What a plan says, as it is kept, or a refusal in words."""
    values = {name: said[name] for name in KEPT if name in said}
    values["name"] = " ".join(values["name"].split())
    if not 0 < len(values["name"]) <= LONGEST_NAME:
        raise CannotListen(_("Give the plan a name of at most %s characters.") % LONGEST_NAME)
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
        if values.get("by") == By.DEPARTMENT and values["frame"]["from"] != frames.CASES:
            raise CannotListen(_("Only people who come from cases can be told apart by department."))
        values |= {"one_in": 1}
    else:
        values |= {"next_on": None, "frame": {}, "size": None, "by": ""}
    values["only"] = happenings.checked(begins, values.get("only") or {}, by)
    if "places" in values:
        values["places"] = hanging_up.known(values["places"])
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


def as_if(plan: WavePlan | None, said: Mapping[str, Any], by: Person | None, now: datetime) -> WavePlan:
    """The plan as it would be if this were kept, to be looked at; nothing is."""
    values = checked(said, by, now)
    tried = WavePlan(code=plan.code if plan else "", pk=plan.pk if plan else None, seen_until=now, **values)
    tried.withdrawn_at = plan.withdrawn_at if plan else None
    return tried


def foreseen(plan: WavePlan, now: datetime) -> Foreseen:
    """Whom it would ask, by the rules of asking: of its people if its day were today, or about what happens to them. Where it could
    not, why."""
    try:
        if plan.begins != Begins.MONTHS:
            return happenings.foreseen(plan, now)
        version = plan.questionnaire.in_force()
        if version is None or plan.questionnaire.withdrawn_at:
            raise NotPossibleNow(_("Publish the questionnaire first: a wave asks the version in force."))
        sample = Sample(wave=Wave(version=version), frame=plan.frame, size=plan.size, by=plan.by)
        seen = sampling.preview(sample, now)
    except Refused as why:
        return Foreseen(problem=str(why))
    return Foreseen(people=seen.frame, asked=seen.asked, left_out=seen.left_out)


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
            plan.trouble = hanging_up.hang_up_by_plan(wave, now)
    except Refused as why:
        plan.trouble, wave = str(why), None
    while plan.next_on <= timezone.localdate(now):
        plan.next_on = months_later(plan.next_on, plan.every_months)
    plan.save(update_fields=["next_on", "trouble"])
    _begun(plan, wave, now)


def _begun(plan: WavePlan, wave: Wave | None, now: datetime) -> None:
    record(
        WaveBegunByItself(
            happened_at=now, about=wave.about if wave else plan.about, plan=plan.code, wave=wave.code if wave else "",
            holder_id=plan.owner_id, trouble=plan.trouble,
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


_INVITE = """
    INSERT INTO listen_invitation
        (wave_id, customer_id, case_id, contact_id, purchase_id, made_at, is_answered, state, reason, key, stratum, next_at)
    SELECT %(wave)s, customer_id, case_id, contact_id, purchase_id, %(now)s, false, 'waiting', '', key, '', %(now)s
    FROM chosen WHERE reason = '' ON CONFLICT (wave_id, key) DO NOTHING
"""


def _invite(plan: WavePlan, now: datetime) -> int:
    """One statement for all that happened since the last look. What cannot be asked about says why; its owner is told once."""
    since, before, invited = plan.seen_until - LOOK_BACK, plan.trouble, 0
    plan.seen_until = max(now, plan.seen_until)
    try:
        if happenings.has_happened(plan, since, now):
            sampling.take_turns()
            with transaction.atomic():
                plan.trouble = ""
                invited = _invite_into(wave_of_the_quarter(plan, now), since, now)
    except Refused as why:
        plan.trouble = str(why)
    plan.save(update_fields=["seen_until", "trouble"])
    if plan.trouble and plan.trouble != before:
        _begun(plan, None, now)
    return invited


def _invite_into(wave: Wave, since: datetime, now: datetime) -> int:
    assert wave.plan is not None
    statement, values = happenings.chosen(wave.plan, since, now, now)
    with connection.cursor() as cursor:
        cursor.execute(statement + _INVITE, values | {"wave": wave.pk, "now": now})
        return cursor.rowcount


def wave_of_the_quarter(plan: WavePlan, now: datetime) -> Wave:
    """The one that runs, opened if there is none; whatever is published later, it asks what it began with."""
    today = timezone.localdate(now)
    quarter = (today.month + 2) // 3
    code = f"{plan.code}-{today.year}q{quarter}"
    found = Wave.objects.select_related("plan").filter(code=code, plan=plan).first()
    if found is None:
        found = _open(plan, f"{today.year} Q{quarter}", code, now)
        Sample.objects.create(
            wave=found, frame={}, seed=0, remind_after_days=plan.remind_after_days, planned_at=now, drawn_at=now, seal=token_hex(32),
            drawn={"frame": 0, "left_out": {}, "asked": 0, "rate": 0, "rate_from": "", "strata": {}},
        )  # fmt: skip
        plan.trouble = hanging_up.hang_up_by_plan(found, now)
    return found


# -- the follow-up of a case ---------------------------------------------------------------------------------------


def settle_follow_up(
    response: Response, said: str, *, is_low: bool, now: datetime, by: Person | None = None
) -> None:
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
        record_outcome(planned, FollowUp.Outcome.SATISFIED, now=now, by=by, comment=said)


def _changed(plan: WavePlan, change: str, by: Person | None, now: datetime) -> None:
    says = {name: getattr(plan, name) for name in KEPT if name not in ("questionnaire", "owner", "next_on")}
    says |= {
        "questionnaire": plan.questionnaire.code, "owner_id": plan.owner_id,
        "next_on": plan.next_on.isoformat() if plan.next_on else None,
    }  # fmt: skip
    record(
        WavePlanChanged(
            happened_at=now, actor_id=by.pk if by else None, about=plan.about, plan=plan.code, wave_plan_change=change,
            number=plan.number, says=says,
        )
    )  # fmt: skip
