"""What people do with knowledge: write it down, judge, share, read, use, review it. Each act calls one verb of `understand`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guixin.desks.acts import Done, act
from guixin.desks.customer_acts import is_standing
from guixin.desks.forms import knowledge as forms
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.promise import reading
from guixin.serve.knowledge import case_called
from guixin.understand import knowing, sharing
from guixin.understand.models import Contact, Knowledge
from guixin.understand.models.knowledge import KnowledgeState


def _keeps(_item: Knowledge, person: Person) -> bool:
    return knowing.may_keep(person)


def _may_change(item: Knowledge, person: Person) -> bool:
    return knowing.may_change(item, person)


def _must_read(item: Knowledge, person: Person) -> bool:
    return sharing.must_read(item, person, database_now())


def _sees(_noun: Any, _person: Person) -> bool:
    """Who sees it is decided where it is fetched."""
    return True


def _is_open(item: Knowledge) -> bool:
    return item.is_open


def _is(*states: str):
    return lambda item: item.state in states


@act(noun="customer", name="knowledge", form=forms.CustomersKnowledgeForm,
     title=gettext_lazy("Write down what you know"), button=gettext_lazy("Write it down"), may=_sees,
     offered=is_standing)  # fmt: skip
def capture_of_customer(customer, said, *, by, now):
    case = case_called(said["case"], by, customer)
    knowing.capture(
        said["kind"], said["title"], words=said["words"], customer=customer,
        source=Knowledge.Source.CASE if case else said["source"], source_words=said["source_words"],
        evidence=("case", case.pk) if case else None, valid_until=said["valid_until"], by=by, now=now,
    )  # fmt: skip
    return _("Written down; the knowledge steward judges it.")


@act(noun="contact", name="knowledge", form=forms.CustomersKnowledgeForm,
     title=gettext_lazy("Make knowledge of the notes"), button=gettext_lazy("Write it down"), may=_sees,
     offered=lambda contact: contact.state == Contact.State.MADE)  # fmt: skip
def capture_of_contact(contact, said, *, by, now):
    knowing.capture(
        said["kind"], said["title"], words=said["words"], customer=contact.customer,
        source=Knowledge.Source.CONTACT, evidence=("contact", contact.pk), valid_until=said["valid_until"], by=by,
        now=now,
    )  # fmt: skip
    return _("Written down; the knowledge steward judges it.")


@act(noun="knowledge", name="reading", form=forms.ReadingForm, title=gettext_lazy("You must know this"),
     button=gettext_lazy("I have read it"), look="main", may=_must_read, offered=_is_open)  # fmt: skip
def read(item, said, *, by, now):
    sharing.read(item, words=said["words"], by=by, now=now)
    return Done(_("Noted that you have read it."), where=reading.own_page(item, by))


@act(noun="knowledge", name="judging", form=forms.JudgingForm, title=gettext_lazy("Judge it"),
     button=gettext_lazy("Judge it"), look="main", may=_keeps,
     offered=_is(KnowledgeState.CAPTURED))  # fmt: skip
def judge(item, said, *, by, now):
    judged = knowing.judge(item, **said, by=by, now=now)
    if judged.state == KnowledgeState.KEPT:
        return _("Kept, to be looked at again on %s.") % judged.review_on
    return _("Judged; it still needs a topic.")


@act(noun="knowledge", name="topic", form=forms.ClassifyingForm, title=gettext_lazy("Give it a topic"),
     button=gettext_lazy("Keep it"), look="main", may=_keeps, offered=_is(KnowledgeState.JUDGED))  # fmt: skip
def classify(item, said, *, by, now):
    kept = knowing.classify(item, said["topic"], review_on=said["review_on"], by=by, now=now)
    return _("Kept, to be looked at again on %s.") % kept.review_on


@act(noun="knowledge", name="review", form=forms.ReviewForm, title=gettext_lazy("It still holds"),
     button=gettext_lazy("It still holds"), may=_keeps, offered=_is(KnowledgeState.KEPT))  # fmt: skip
def review(item, said, *, by, now):
    kept = knowing.review(item, review_on=said["review_on"], valid_until=said["valid_until"], by=by, now=now)
    return _("Kept, to be looked at again on %s.") % kept.review_on


@act(noun="knowledge", name="uses", form=forms.UseForm, title=gettext_lazy("I used it"),
     button=gettext_lazy("Note the use"), may=_sees, offered=_is_open)  # fmt: skip
def use(item, said, *, by, now):
    case = case_called(said["case"], by)
    knowing.use(
        item, for_what=said["for_what"], case_id=case.pk if case else None, by=by, now=now,
        customer=case.customer if case and case.customer_id != item.customer_id else None,
    )  # fmt: skip
    return Done(_("Noted: it was of use."), where=f"/cases/{case.number}" if case and said["back"] else "")


@act(noun="knowledge", name="sharing", form=forms.SharingForm, title=gettext_lazy("Make sure they know"),
     button=gettext_lazy("They must know it"), may=_may_change, offered=_is_open)  # fmt: skip
def share(item, said, *, by, now):
    made = sharing.share(
        item, said["departments"], read_until=said["read_until"], by=by, now=now
    )  # fmt: skip
    if not made:
        return _("They were given it already.")
    return _("It stands on their desks until they have read it.")


@act(noun="knowledge", name="revision", form=forms.RevisionForm, title=gettext_lazy("Change what it says"),
     button=gettext_lazy("Keep as a new version"), may=_may_change, offered=_is_open)  # fmt: skip
def revise(item, said, *, by, now):
    version = said.pop("version")
    changed = knowing.revise(item, **said, read_at_version=version, by=by, now=now)
    return _("Version %s; the knowledge steward judges it anew.") % changed.version


@act(noun="knowledge", name="judging-again", form=forms.JudgingForm, title=gettext_lazy("Judge it anew"),
     button=gettext_lazy("Judge it"), may=_keeps,
     offered=_is(KnowledgeState.JUDGED, KnowledgeState.KEPT))  # fmt: skip
def judge_again(item, said, *, by, now):
    knowing.judge(item, **said, by=by, now=now)
    return _("Judged anew.")


@act(noun="knowledge", name="ending", form=forms.EndingForm,
     title=pgettext_lazy("knowledge", "It no longer holds"), button=gettext_lazy("End it"), may=_keeps,
     offered=_is_open)  # fmt: skip
def end(item, said, *, by, now):
    knowing.end(item, said["why"], by=by, now=now)
    return _("Ended; the record stays.")
