"""The things acts are done to: how each is fetched for a person, at which address, and which page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from guixin.handbook.models import Article
from guixin.organisation.access import get_visible_or_404
from guixin.promise.matters import Matter, matter_for
from guixin.promise.models import AuthorityRequest, Clock, Escalation, Extension, Proposal, Statement
from guixin.recover.models import Recovery, RecoveryStep
from guixin.serve.customers import visible_customer
from guixin.serve.knowledge import visible_knowledge
from guixin.serve.models import (
    CallBack,
    Case,
    CasePurchase,
    Emergency,
    FollowUp,
    Goodwill,
    HardProblem,
    Message,
    Surge,
    Task,
    Visit,
)
from guixin.understand.models import Contact, Customer


@dataclass(frozen=True)
class Noun:
    """`fetch` answers 404 for what the person may not see; every noun is seen through its case, or, raised about
    another matter, through that one."""

    path: str
    fetch: Callable[[Any, str], Any]
    case_of: Callable[[Any], Case | None]


def _case(person: Any, number: str) -> Case:
    wanted = Case.objects.select_related("owner", "department", "customer", "requested_by", "snooze")
    return get_visible_or_404(wanted, person, number=number)


def _task(person: Any, pk: str) -> Task:
    tasks = Task.objects.select_related("case__customer", "case__owner", "department", "handler")
    return get_visible_or_404(tasks, person, pk=pk)


def _through_case(queryset: Any) -> Callable[[Any, str], Any]:
    def fetch(person: Any, pk: str) -> Any:
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        found = get_object_or_404(queryset(), pk=pk)
        if found.case_id is not None:
            get_visible_or_404(Case.objects, person, pk=found.case_id)
        elif not matter_for(person, found.matter):
            raise Http404
        return found

    return fetch


def _customer(person: Any, pk: str) -> Customer:
    """Seen by the front desk, and by whoever sees one of their cases."""
    return visible_customer(Customer.objects.select_related("works_at", "owner", "merged_into"), person, pk)


def _contact(person: Any, pk: str) -> Contact:
    """Seen by its owner and those above, and by whoever sees the customer."""
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    wanted = Contact.objects.select_related("customer", "owner", "person", "plan", "raised_to")
    found = get_object_or_404(wanted, pk=pk)
    if not Contact.objects.visible_to(person).filter(pk=found.pk).exists():
        _customer(person, str(found.customer_id))
    return found


def _own_case(noun: Any) -> Case:
    return noun.case


def _case_by_id(noun: Any) -> Case | None:
    return Case.objects.get(pk=noun.case_id) if noun.case_id is not None else None


NOUNS: dict[str, Noun] = {
    "case": Noun("cases", _case, lambda case: case),
    "task": Noun("tasks", _task, _own_case),
    "question": Noun(
        "questions", _through_case(lambda: Message.objects.select_related("case", "task__case")), _own_case
    ),
    "follow_up": Noun(
        "follow-ups", _through_case(lambda: FollowUp.objects.select_related("case")), _own_case
    ),
    CasePurchase.ABOUT: Noun(
        "case-orders",
        _through_case(lambda: CasePurchase.objects.select_related("case__owner", "case__department")),
        _own_case,
    ),
    "clock": Noun("clocks", _through_case(lambda: Clock.objects.exclude(case_id=None)), _case_by_id),
    "extension": Noun(
        "extensions", _through_case(lambda: Extension.objects.select_related("clock")), _case_by_id
    ),
    "escalation": Noun(
        "escalations", _through_case(lambda: Escalation.objects.select_related("clock")), _case_by_id
    ),
}


def _one_of(model: Any, *related: str) -> Callable[[Any, str], Any]:
    """A noun with a `visible_to` of its own."""

    def fetch(person: Any, pk: str | int) -> Any:
        if not str(pk).isdecimal() or len(str(pk)) > 18:
            raise Http404
        return get_visible_or_404(model.objects.select_related(*related), person, pk=pk)

    return fetch


# Matters of their own: each is shown, and refused, on its own page.
NOUNS["authority_request"] = Noun(
    "requests", _one_of(AuthorityRequest, "asked_by", "to_person", "decided_by", "department"), _case_by_id
)
NOUNS["goodwill"] = Noun("goodwill", _one_of(Goodwill, "case", "by", "use"), _own_case)
NOUNS["emergency"] = Noun(
    "emergencies", _one_of(Emergency, "case", "by", "use", "reviewer", "reviewed_by", "in_hand_by"), _own_case
)
NOUNS["call_back"] = Noun(
    "call-backs",
    _one_of(CallBack, "line__department", "customer", "case", "taken_by"),
    lambda call_back: None,
)
NOUNS["hard_problem"] = Noun(
    "problems",
    _one_of(HardProblem, "case", "skill", "expert", "asked_by", "instead_of", "ended_by"),
    _own_case,
)
NOUNS["recovery"] = Noun(
    "recoveries", _one_of(Recovery, "case__customer", "holder", "by", "rule", "ended_by"), _own_case
)


def _step(person: Any, pk: str) -> RecoveryStep:
    """Seen by whoever sees its recovery, on whose page it is done."""
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    found = get_object_or_404(RecoveryStep.objects.select_related("owner", "goodwill"), pk=pk)
    found.recovery = NOUNS["recovery"].fetch(person, str(found.recovery_id))
    return found


NOUNS["recovery_step"] = Noun("recovery-steps", _step, lambda step: step.recovery.case)
NOUNS["proposal"] = Noun(
    "proposals",
    _one_of(
        Proposal,
        "standard",
        "department",
        "by",
        "reviewer",
        "decided_by",
        "version",
        "trial_version",
        "trial_department",
    ),
    lambda proposal: None,
)
NOUNS["statement"] = Noun(
    "statements", _one_of(Statement, "department", "holder", "said_by"), lambda statement: None
)


NOUNS["surge"] = Noun("surges", _one_of(Surge, "acknowledged_by"), lambda surge: None)
NOUNS["visit"] = Noun(
    "visits",
    _one_of(
        Visit,
        "case__customer",
        "case__owner",
        "host",
        "request__to_person",
        "graded_by",
        "decided_by",
        "logged_by",
    ),
    _own_case,
)
NOUNS["knowledge"] = Noun("knowledge", visible_knowledge, lambda item: None)
NOUNS["article"] = Noun("handbook", _one_of(Article, "owner", "reviewed_by"), lambda article: None)
Answer = Callable[..., Any]  # (request, noun, refused, status) -> the page of the noun
OWN_PAGES: dict[str, Answer] = {}


def shown_by(noun_name: str) -> Callable[[Answer], Answer]:
    """Register the function that answers with the page of a matter, an act that was refused standing in it."""

    def register(answer: Answer) -> Answer:
        OWN_PAGES[noun_name] = answer
        return answer

    return register


BY_PATH = {noun.path: name for name, noun in NOUNS.items()}


# Customers stand outside every case: they have a page, and acts, of their own (pages/customer.py).
NOUNS["customer"] = Noun("customers", _customer, _case_by_id)
NOUNS["contact"] = Noun("contacts", _contact, _case_by_id)  # so do contacts with them


def address_of(matter: Case | Matter) -> str:
    """The page of a case, or of another matter somebody promised something about."""
    return address("case", matter) if isinstance(matter, Case) else matter.address


def address(noun_name: str, noun: Any) -> str:
    """Where a noun's acts are: /cases/2026-000001, /tasks/17."""
    return f"/{NOUNS[noun_name].path}/{noun.number if noun_name == 'case' else noun.pk}"
