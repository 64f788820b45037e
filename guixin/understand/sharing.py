"""Who must know: an item given to departments, and the proof that each of their people has seen it.

A share is a matter with a clock (promise/reading.py): the head of the department answers for it, and what nobody reads
climbs the ladder. A verb locks the share, then, through the reactions, its clock.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.events import PersonLeft, PostEnded
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.understand import knowledge_events as events
from guixin.understand.models import Knowledge, KnowledgeReading, KnowledgeShare
from guixin.web.refusals import Refused

LONGEST_WORDS = 1_000


class CannotShare(Refused):
    """It cannot be given to them like this."""

    about_input = True


@transaction.atomic
def share(
    item: Knowledge, departments: Iterable[Department], *, by: Person, now: datetime,
    read_until: datetime | None = None, by_head: bool = False,
) -> list[KnowledgeShare]:  # fmt: skip
    """These departments, with all below them, must know it; a department that knows this version already is passed over.

    by_head       the head of the department confirms it; otherwise everybody must have read it
    read_until    by when everybody shall have seen it; none: as long as the firm's standard for reading gives
    """
    item = Knowledge.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not item.is_open:
        raise CannotShare(_("It does not hold any more; nobody must know it."))
    if read_until is not None and read_until <= now:
        raise CannotShare(_("The moment until which it must be read lies ahead."))
    wanted = list({each.pk: each for each in departments}.values())
    if not wanted:
        raise CannotShare(_("Say which departments must know it."))
    known = set(item.shares.filter(version=item.version).values_list("department_id", flat=True))
    ladder = Ladder.at(now)
    made = [
        _give(item, each, ladder, by, now, read_until, by_head) for each in wanted if each.pk not in known
    ]  # fmt: skip
    _settle(made, by=by, now=now, ladder=ladder)
    return made


def share_again(item: Knowledge, *, by: Person, now: datetime) -> list[KnowledgeShare]:
    """A new version of something departments must know: they must read it again. Nothing for a first version."""
    before = dict(
        item.shares.filter(version__lt=item.version).order_by("pk").values_list("department_id", "by_head")
    )
    departments = Department.objects.filter(pk__in=before, is_active=True)
    staffed = [each for each in departments if readers_of(each, Ladder.at(now))]
    made: list[KnowledgeShare] = []
    for by_head in (False, True):
        if some := [each for each in staffed if before[each.pk] == by_head]:
            made += share(item, some, by=by, now=now, by_head=by_head)
    return made


def readers_of(department: Department, ladder: Ladder) -> list[int]:
    """Everybody with a post in the department or below it."""
    under = ladder.departments_under(department.pk)
    return sorted({person_id for person_id, seat in ladder.everybody() if seat.department_id in under})


def _give(
    item: Knowledge,
    department: Department,
    ladder: Ladder,
    by: Person,
    now: datetime,
    read_until: datetime | None,
    by_head: bool,
) -> KnowledgeShare:
    readers = readers_of(department, ladder)
    if not readers:
        raise CannotShare(_("Nobody works in %s.") % department.name)
    if by_head:
        readers = sorted({*readers, ladder.head_of(department.pk)})
    made = KnowledgeShare.objects.create(
        knowledge=item, department=department, version=item.version, shared_by=by, shared_at=now,
        read_until=read_until, by_head=by_head,
    )  # fmt: skip
    KnowledgeReading.objects.bulk_create(
        # Whoever gives it to others, or wrote it down, knows it; a head confirms it all the same.
        KnowledgeReading(
            share=made,
            person_id=pk,
            read_at=now if not by_head and pk in (by.pk, item.captured_by_id) else None,
        )
        for pk in readers
    )
    record(
        events.KnowledgeShared(
            **_facts(made, by.pk, now), readers=len(readers), read_until=read_until,
        )
    )  # fmt: skip
    return made


@transaction.atomic
def read(item: Knowledge, *, by: Person, now: datetime, words: str = "") -> int:
    """This person has seen it, in every department that must know it. Returns for how many; a second time for none.

    words    what they will do about it, if they say
    """
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise CannotShare(_("Say it in at most %s characters.") % LONGEST_WORDS)
    _count_in(item, by, Ladder.at(now))
    waiting = KnowledgeReading.objects.waiting_for(by.pk).filter(share__knowledge=item)
    shares = list(
        KnowledgeShare.objects.filter(pk__in=waiting.values("share")).order_by("pk").select_for_update()
    )
    if not shares:
        return 0
    waiting.update(read_at=now, words=words)
    personal = {"words": words} if words else {}
    record(*(events.KnowledgeRead(**_facts(each, by.pk, now), personal=personal) for each in shares))
    _settle(shares, by=by, now=now, ladder=Ladder.at(now))
    return len(shares)


def must_read(item: Knowledge, person: Person, now: datetime) -> bool:
    waits = KnowledgeReading.objects.waiting_for(person.pk).filter(share__knowledge=item).exists()
    return waits or bool(_unconfirmed(item, person, Ladder.at(now)))


def _unconfirmed(item: Knowledge, person: Person, ladder: Ladder) -> list[KnowledgeShare]:
    """What this person has to confirm because they came to head the department, or stand in, since it was given to it."""
    waiting = item.shares.filter(over_at=None, by_head=True).exclude(readings__person=person)
    return [each for each in waiting if person.pk in heads_of(each.department_id, ladder)]


def _count_in(item: Knowledge, person: Person, ladder: Ladder) -> None:
    KnowledgeReading.objects.bulk_create(
        (KnowledgeReading(share=each, person=person) for each in _unconfirmed(item, person, ladder)),
        ignore_conflicts=True,
    )


def end_shares(item: Knowledge, *, by: Person, now: datetime) -> None:
    """It changed or no longer holds: nobody has to read this version any more. Who saw it stays."""
    shares = list(item.shares.filter(over_at=None).order_by("pk").select_for_update())
    if not shares:
        return
    KnowledgeReading.objects.filter(share__in=shares, read_at=None).update(is_over=True)
    _end(shares, all_saw_it=False, actor_id=by.pk, now=now)


def settle_without(left: Iterable[PersonLeft | PostEnded]) -> None:
    """Somebody no longer works there: what waited for them alone is over."""
    left = list(left)
    people = {each.about[1] for each in left if each.about[0] == "person"}
    shares = list(
        KnowledgeShare.objects.filter(
            over_at=None,
            pk__in=KnowledgeReading.objects.filter(person_id__in=people, read_at=None).values("share"),
        )
        .order_by("pk")
        .select_for_update()
    )
    now = left[0].happened_at
    _settle(shares, by=None, now=now, ladder=Ladder.at(now))


def _settle(shares: list[KnowledgeShare], *, by: Person | None, now: datetime, ladder: Ladder) -> None:
    """End those that wait for nobody who is there. Somebody away reads it on their return; nobody waits for them."""
    open_shares = {each.pk: each for each in shares if each.over_at is None}
    headed = {pk for pk, each in open_shares.items() if each.by_head}
    unread = KnowledgeReading.objects.filter(
        share__in=open_shares.keys() - headed, read_at=None, is_over=False
    )
    waiting = {
        share_id for share_id, person_id in unread.values_list("share_id", "person_id")
        if ladder.is_present(person_id) and ladder.seats_of(person_id)
    }  # fmt: skip
    if headed:
        waiting |= headed - _confirmed([open_shares[pk] for pk in headed], ladder)
    done = [each for pk, each in open_shares.items() if pk not in waiting]
    # Where nobody was there to read it, it goes on waiting.
    seen = set(
        KnowledgeReading.objects.filter(share__in=done, read_at__isnull=False).values_list(
            "share_id", flat=True
        )
    )
    _end([each for each in done if each.pk in seen], all_saw_it=True, actor_id=by.pk if by else None, now=now)


def _confirmed(shares: list[KnowledgeShare], ladder: Ladder) -> set[int]:
    """Those that the head of the department has read, or whoever stands in for a head who is away."""
    read = KnowledgeReading.objects.filter(share__in=shares, read_at__isnull=False)
    found = set()
    for share_id, department_id, person_id in read.values_list(
        "share_id", "share__department_id", "person_id"
    ):
        if person_id in heads_of(department_id, ladder):
            found.add(share_id)
    return found


def heads_of(department_id: int, ladder: Ladder) -> set[int]:
    """Who can confirm for a department: its head, and the deputy of one who is away."""
    head = ladder.head_of(department_id)
    return {head, ladder.stand_in(head) or head}


def _end(shares: list[KnowledgeShare], *, all_saw_it: bool, actor_id: int | None, now: datetime) -> None:
    for each in shares:
        each.over_at, each.all_saw_it = now, all_saw_it
    KnowledgeShare.objects.bulk_update(shares, ["over_at", "all_saw_it"])
    record(
        *(events.KnowledgeShareOver(**_facts(each, actor_id, now), all_saw_it=all_saw_it) for each in shares)
    )


def _facts(made: KnowledgeShare, actor_id: int | None, now: datetime) -> dict:
    return {
        "happened_at": now, "actor_id": actor_id, "about": (KnowledgeShare.ABOUT, made.pk), "share_id": made.pk,
        "knowledge_id": made.knowledge_id, "knowledge_kind": made.knowledge.kind,
        "department_id": made.department_id, "version": made.version,
    }  # fmt: skip
