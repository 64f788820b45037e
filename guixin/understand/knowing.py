"""The cycle of knowledge: captured by anybody, judged and classified by the steward, used, reviewed, ended."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search.indexing import index
from guixin.understand import knowledge_events as events
from guixin.understand import sharing
from guixin.understand.folding import folded_name
from guixin.understand.models import Customer, Knowledge, KnowledgeUse, KnowledgeVersion, Segment
from guixin.understand.models.knowledge import (
    OF_CUSTOMERS,
    Credibility,
    KnowledgeKind,
    KnowledgeState,
    Reliability,
    Worth,
    keeps_knowledge,
)
from guixin.web.refusals import Refused

LONGEST_TITLE = 120
LONGEST_TOPIC = 80
TOPICS_SHOWN = 50
# How long something can be left alone, unless the steward says otherwise: the market moves faster than a customer.
LOOK_AGAIN = {kind: timedelta(days=180) for kind in OF_CUSTOMERS} | {
    KnowledgeKind.PREDICTION: timedelta(days=90),
    KnowledgeKind.PRICE: timedelta(days=30),
    KnowledgeKind.ORDER_PLAN: timedelta(days=30),
}
LOOK_AGAIN_AT_THE_LATEST = timedelta(days=90)


class CannotKnow(Refused):
    """It cannot be written down or judged like this."""

    about_input = True


class KnowledgeSettled(Refused):
    """It has gone on meanwhile, or is not this person's to decide."""


def may_keep(person: Person) -> bool:
    return keeps_knowledge(scope_of(person))


def may_change(item: Knowledge, person: Person) -> bool:
    """The steward, and whoever wrote it down."""
    return item.captured_by_id == person.pk or may_keep(person)


@transaction.atomic
def capture(
    kind: str, title: str, *, source: str, by: Person, now: datetime, words: str = "",
    customer: Customer | None = None, segment: Segment | None = None, subject: str = "", source_words: str = "",
    evidence: tuple[str, int] | None = None, valid_until: date | None = None,
) -> Knowledge:  # fmt: skip
    """Write down what one knows; it counts as unreviewed until the steward has judged it and given it a topic."""
    if kind not in KnowledgeKind.values:
        raise CannotKnow(_("Say what kind of knowledge it is."))
    if source not in Knowledge.Source.values:
        raise CannotKnow(_("Say where it comes from."))
    if customer is not None and customer.merged_into_id:
        raise CannotKnow(_("This customer was merged into another one; write it down with that one."))
    subject = " ".join(subject.split())
    if customer is None and segment is None and not subject:
        raise CannotKnow(
            _("Say what it is about: a customer, a segment, a competitor, a product line, a market.")
        )
    item = Knowledge(
        kind=kind, customer=customer, segment=segment, subject=subject[:LONGEST_TITLE], title=_title(title),
        words=words.strip(), source=source, source_words=source_words.strip(),
        evidence_kind=evidence[0] if evidence else "", evidence_id=evidence[1] if evidence else None,
        valid_until=_still_ahead(valid_until, now), captured_at=now, captured_by=by,
    )  # fmt: skip
    item.save(force_insert=True)
    index(Knowledge.FOUND_AS, [item.pk])
    record(
        events.KnowledgeCaptured(
            **_facts(item, by, now), source=source, evidence_kind=item.evidence_kind, evidence_id=item.evidence_id,
            personal={"title": item.title},
        )
    )  # fmt: skip
    return item


@transaction.atomic
def judge(
    item: Knowledge, *, reliability: str, credibility: int, worth: int, by: Person, now: datetime, topic: str = "",
    review_on: date | None = None,
) -> Knowledge:  # fmt: skip
    """Grade it by source and content, and by what it is worth; with a topic it is kept in the same step."""
    item = _locked(item, KnowledgeState.CAPTURED, KnowledgeState.JUDGED, KnowledgeState.KEPT, by=by)
    if reliability not in Reliability.values or credibility not in Credibility.values:
        raise CannotKnow(
            _("Say how reliable the source is, from A to F, and how credible the content, from 1 to 6.")
        )
    if worth not in Worth.values:
        raise CannotKnow(_("Say what it is worth to us."))
    item.reliability, item.credibility, item.worth = reliability, credibility, worth
    item.judged_at, item.judged_by = now, by
    if item.state == KnowledgeState.CAPTURED:
        item.state = KnowledgeState.JUDGED
    item.save(update_fields=["reliability", "credibility", "worth", "judged_at", "judged_by", "state"])
    record(
        events.KnowledgeJudged(
            **_facts(item, by, now), reliability=reliability, credibility=credibility, worth=worth
        )
    )
    return classify(item, topic, review_on=review_on, by=by, now=now) if topic.strip() else item


@transaction.atomic
def classify(
    item: Knowledge, topic: str, *, by: Person, now: datetime, review_on: date | None = None
) -> Knowledge:
    """Give it a topic and a day of review: it is kept. Departments that knew an earlier version must read this one."""
    item = _locked(item, KnowledgeState.JUDGED, KnowledgeState.KEPT, by=by)
    topic = " ".join(topic.split())
    if not topic or len(topic) > LONGEST_TOPIC:
        raise CannotKnow(_("Give it a topic in a few words, the same for all of its sort."))
    is_new = item.state == KnowledgeState.JUDGED
    item.topic, item.state = topic, KnowledgeState.KEPT
    item.review_on = _review_day(item, review_on, now)
    item.topic_folded = folded_name(item.topic)
    item.save(update_fields=["topic", "topic_folded", "state", "review_on"])
    index(Knowledge.FOUND_AS, [item.pk])
    record(events.KnowledgeClassified(**_facts(item, by, now), review_on=item.review_on.isoformat()))
    if is_new:
        sharing.share_again(item, by=by, now=now)
    return item


@transaction.atomic
def revise(
    item: Knowledge, *, title: str, words: str, read_at_version: int, by: Person, now: datetime,
    valid_until: date | None = None,
) -> Knowledge:  # fmt: skip
    """It says something else from now on, and is judged anew; nobody has to read the old version any more."""
    item = _locked(item, KnowledgeState.CAPTURED, KnowledgeState.JUDGED, KnowledgeState.KEPT)
    if not may_change(item, by):
        raise KnowledgeSettled(_("Whoever wrote it down changes it, or the knowledge steward."))
    if item.version != read_at_version:
        raise KnowledgeSettled(_("Somebody else has changed it since you read it; read it again first."))
    title, words = _title(title), words.strip()
    if (title, words, valid_until) == (item.title, item.words, item.valid_until):
        raise CannotKnow(_("It says this already."))
    KnowledgeVersion.objects.create(
        knowledge=item, number=item.version, title=item.title, words=item.words, valid_until=item.valid_until,
        grading=item.grading, replaced_at=now, replaced_by=by,
    )  # fmt: skip
    item.title, item.words, item.version = title, words, item.version + 1
    if valid_until != item.valid_until:
        item.valid_until = _still_ahead(valid_until, now)
    item.state, item.reliability, item.credibility, item.worth = KnowledgeState.CAPTURED, "", None, None
    item.save(
        update_fields=[
            "title",
            "words",
            "version",
            "valid_until",
            "state",
            "reliability",
            "credibility",
            "worth",
        ]
    )
    index(Knowledge.FOUND_AS, [item.pk])
    sharing.end_shares(item, by=by, now=now)
    record(events.KnowledgeRevised(**_facts(item, by, now), version=item.version, personal={"title": title}))
    return item


@transaction.atomic
def review(
    item: Knowledge,
    *,
    by: Person,
    now: datetime,
    review_on: date | None = None,
    valid_until: date | None = None,
) -> Knowledge:
    """Looked at again: it still holds, until `valid_until` if given (an expired one must be given a new day)."""
    item = _locked(item, KnowledgeState.KEPT, by=by)
    today = timezone.localdate(now)
    if valid_until is not None:
        item.valid_until = _still_ahead(valid_until, now)
    elif item.valid_until and item.valid_until < today:
        raise CannotKnow(_("It has expired: say until when it holds, or that it no longer does."))
    item.review_on = _review_day(item, review_on, now)
    item.reviewed_at, item.reviewed_by = now, by
    item.save(update_fields=["valid_until", "review_on", "reviewed_at", "reviewed_by"])
    record(events.KnowledgeReviewed(**_facts(item, by, now), review_on=item.review_on.isoformat()))
    return item


@transaction.atomic
def end(item: Knowledge, why: str, *, by: Person, now: datetime) -> Knowledge:
    """It no longer holds or, not yet kept, is not worth keeping. Why must be said; the record stays."""
    item = _locked(item, KnowledgeState.CAPTURED, KnowledgeState.JUDGED, KnowledgeState.KEPT, by=by)
    if not why.strip():
        raise CannotKnow(_("Say why it no longer holds, or is not worth keeping."))
    was_kept = item.state == KnowledgeState.KEPT or item.version > 1
    item.state = KnowledgeState.ENDED if was_kept else KnowledgeState.DROPPED
    item.ended_at, item.ended_why = now, why.strip()
    item.save(update_fields=["state", "ended_at", "ended_why"])
    index(Knowledge.FOUND_AS, [item.pk])
    sharing.end_shares(item, by=by, now=now)
    record(events.KnowledgeEnded(**_facts(item, by, now), how=item.state, personal={"why": item.ended_why}))
    return item


@transaction.atomic
def use(
    item: Knowledge, *, by: Person, now: datetime, for_what: str = "", case_id: int | None = None,
    customer: Customer | None = None,
) -> KnowledgeUse:  # fmt: skip
    """Somebody made use of it. An item that no longer holds is not used; an unreviewed one may be, and says so."""
    item = _locked(item, KnowledgeState.CAPTURED, KnowledgeState.JUDGED, KnowledgeState.KEPT)
    if not for_what.strip() and case_id is None and customer is None:
        raise CannotKnow(_("Say what you used it for, or for which case."))
    made = KnowledgeUse.objects.create(
        knowledge=item, by=by, at=now, version=item.version, for_what=for_what.strip(), case_id=case_id,
        customer=customer,
    )  # fmt: skip
    record(
        events.KnowledgeUsed(
            **_facts(item, by, now), version=item.version, used_for_case=case_id,
            used_for_customer=customer.pk if customer else None,
        )
    )  # fmt: skip
    return made


def topics(at_most: int = TOPICS_SHOWN) -> list[str]:
    """Topics in use, so that the same is called the same."""
    rows = Knowledge.objects.open().exclude(topic="").order_by("topic").values_list("topic", flat=True)
    return list(rows.distinct()[:at_most])


def no_segment(code: str) -> str:
    return _("There is no segment called “%s”.") % code


def _locked(item: Knowledge, *states: str, by: Person | None = None) -> Knowledge:
    """The item as it is now; `by` must be its steward."""
    if by is not None and not may_keep(by):
        raise KnowledgeSettled(_("This is for the knowledge steward to decide."))
    item = Knowledge.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state not in states:
        raise KnowledgeSettled(
            _("It must be judged first.")
            if item.state == KnowledgeState.CAPTURED
            else _("It must be given a topic first.")
            if item.state == KnowledgeState.JUDGED
            else _("It does not hold any more; write down what holds instead.")
        )
    return item


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise CannotKnow(_("Say in one line what you know."))
    if len(title) > LONGEST_TITLE:
        raise CannotKnow(_("In one line, please: at most 120 characters; the rest belongs below."))
    return title


def _still_ahead(day: date | None, now: datetime) -> date | None:
    if day is not None and day < timezone.localdate(now):
        raise CannotKnow(_("The day until which it holds has passed already."))
    return day


def _review_day(item: Knowledge, asked: date | None, now: datetime) -> date:
    """The day asked for; otherwise as long as its kind can be left alone, but not beyond the day it expires."""
    today = timezone.localdate(now)
    if asked is not None:
        if asked <= today:
            raise CannotKnow(_("The day on which it is looked at again lies ahead."))
        return asked
    day = today + LOOK_AGAIN.get(KnowledgeKind(item.kind), LOOK_AGAIN_AT_THE_LATEST)
    return min(day, item.valid_until) if item.valid_until and item.valid_until > today else day


def _facts(item: Knowledge, by: Person, now: datetime) -> dict:
    return {
        "happened_at": now, "actor_id": by.pk, "about": item.about, "knowledge_id": item.pk,
        "knowledge_kind": item.kind,
    }  # fmt: skip
