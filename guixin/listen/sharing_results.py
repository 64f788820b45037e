"""What a wave found reaches every department it concerns: as something it must know, confirmed by its head (decision 17's mechanism;
what nobody confirms climbs by its clock)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.listen.events import WaveChanged
from guixin.listen.models import Wave
from guixin.listen.results import results
from guixin.listen.waves import NotPossibleNow
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.models import Clock
from guixin.promise.reading import raised_to
from guixin.understand import knowing, sharing
from guixin.understand.models import Knowledge, KnowledgeReading, KnowledgeShare
from guixin.understand.models.knowledge import KnowledgeKind, departments_that_reach

LATELY = timedelta(days=31)  # what was over before is no news
ABOUT = "wave"  # what the item of knowledge gives as its evidence


def departments_concerned(wave: Wave, now: datetime) -> list[Department]:
    """Those a question is about, and those that worked for enough of whoever answered; where somebody works."""
    codes = {each.department for each in wave.version.sheet.questions if each.department}
    told = wave.groups.filter(by="department", figures__isnull=False).values_list("key", flat=True)
    rows = Department.objects.filter(Q(code__in=codes) | Q(pk__in=[int(key) for key in told]), is_active=True)
    ladder = Ladder.at(now)
    return [each for each in rows.order_by("path", "pk") if sharing.readers_of(each, ladder)]


def may_share(wave: Wave) -> bool:
    """Its figures are counted, and there are some. What our own people said of themselves is no customer's word to a department."""
    return (
        not wave.is_of_our_people
        and wave.figures_of == wave.answers_seen
        and bool((wave.figures or {}).get("responses"))
    )


@transaction.atomic
def share(wave: Wave, *, by: Person | None, now: datetime) -> list[Department]:
    """The results are out: each department concerned gets its page, and its head is asked to confirm. Once a wave."""
    wave = Wave.objects.select_for_update(of=("self",)).select_related("version", "owner").get(pk=wave.pk)
    if wave.shared_at:
        raise NotPossibleNow(_("The results of this wave were shared already."))
    if not may_share(wave):
        raise NotPossibleNow(_("There are no counted answers to share yet."))
    departments = departments_concerned(wave, now)
    Wave.objects.filter(pk=wave.pk).update(shared_at=now)
    if departments:
        with translation.override(settings.LANGUAGE_CODE):
            found = results(wave)
            item = knowing.capture(
                KnowledgeKind.INTERACTION, (_("Survey results: %s") % wave.name)[: knowing.LONGEST_TITLE],
                words=_("%s responses.") % found.responses + " " + found.plank_words(settings.LANGUAGE_CODE),
                subject=wave.name, source=Knowledge.Source.SURVEY, evidence=(ABOUT, wave.pk), by=by or wave.owner, now=now,
            )  # fmt: skip
        sharing.share(item, departments, by_head=True, by=by or wave.owner, now=now)
    record(
        WaveChanged(
            happened_at=now, actor_id=by.pk if by else None, about=wave.about, wave=wave.code, wave_change="shared"
        )
    )  # fmt: skip
    return departments


def share_next(now: datetime) -> bool:
    """One wave that takes no more answers, since lately, and is counted. False if there is none."""
    since, today = now - LATELY, timezone.localdate(now)
    over = Q(closed_at__gte=since) | Q(ends_on__lt=today, ends_on__gte=timezone.localdate(since))
    waiting = Wave.objects.filter(
        over, shared_at=None, is_of_our_people=False, answers_seen=F("figures_of"), figures__isnull=False
    )
    for wave in waiting.order_by("pk"):
        if may_share(wave):
            share(wave, by=None, now=now)
            return True
    return False


def item_of(wave: Wave) -> Knowledge | None:
    return Knowledge.objects.filter(evidence_kind=ABOUT, evidence_id=wave.pk).order_by("pk").first()


@dataclass(frozen=True)
class Confirmation:
    """How far one department is. `head`: who answers for it now; `said`: the reading that confirmed it, or none yet."""

    department: Department
    head: str
    said: KnowledgeReading | None
    read: int
    readers: int
    due_at: datetime | None


def confirmations(wave: Wave, now: datetime) -> list[Confirmation]:
    """Who has confirmed and who has not, for whoever answers for the wave."""
    item = item_of(wave)
    if item is None:
        return []
    shares = list(
        item.shares.filter(version=item.version)
        .select_related("department")
        .order_by("department__path", "pk")
    )
    readings: dict[int, list[KnowledgeReading]] = {each.pk: [] for each in shares}
    rows = KnowledgeReading.objects.filter(share__in=shares).select_related("person")
    for reading in rows.order_by("read_at", "pk"):
        readings[reading.share_id].append(reading)
    clocks = Clock.objects.of(KnowledgeShare.ABOUT, *readings).open().values_list("about_id", "due_at")
    due, ladder = dict(clocks) if shares else {}, Ladder.at(now)
    found = []
    for each in shares:
        heads = sharing.heads_of(each.department_id, ladder)
        read = [one for one in readings[each.pk] if one.read_at]
        confirming = [one for one in read if one.person_id in heads]
        if each.all_saw_it and not confirming:  # by whoever headed it then
            confirming = [one for one in read if one.read_at == each.over_at]
        found.append(
            Confirmation(
                each.department, ladder.names.get(ladder.head_of(each.department_id), ""), next(iter(confirming), None),
                len(read), len(readings[each.pk]), due.get(each.pk),
            )
        )  # fmt: skip
    return found


def may_see(wave: Wave, department: Department, person: Person) -> bool:
    """The page of a department: whoever sees the wave, those it was shared with, those who look after them, and whoever it climbed to."""
    if Wave.objects.visible_to(person).filter(pk=wave.pk).exists():
        return True
    item = item_of(wave)
    share = item.shares.filter(department=department).first() if item else None
    if share is None:
        return False
    reached = departments_that_reach(scope_of(person))
    return (
        department.pk in reached
        or share.readings.filter(person=person).exists()
        or share.pk in raised_to(person)
    )


def pages_of(shares: Collection[KnowledgeShare]) -> dict[int, str]:
    """By the id of a share that is about a wave: the page of its department."""
    codes = dict(
        Wave.objects.filter(pk__in={each.knowledge.evidence_id for each in shares}).values_list("pk", "code")
    )
    return {
        each.pk: f"/surveys/{codes[each.knowledge.evidence_id]}/departments/{each.department.code}"
        for each in shares
        if each.knowledge.evidence_id in codes
    }
