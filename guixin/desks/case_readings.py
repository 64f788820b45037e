"""What is read of a case, in one statement for each part of its page: how it stands, the middle, the tasks beside it."""

from django.db.models import Q, Subquery

from guixin.channels.models import ReceivedMail, SentMail
from guixin.desks.timeline import ENTRIES, SAID_IN_ACTS
from guixin.ledger.reading import Reading, Together
from guixin.promise.models import Clock, Escalation, Extension, Pause
from guixin.recover.models import Recovery, RecoveryStep
from guixin.serve.models import (
    Attachment,
    Case,
    CaseLink,
    CasePurchase,
    Closing,
    FilledForm,
    FollowUp,
    Goodwill,
    HardProblem,
    Message,
    Routing,
    Stake,
    Task,
    Visit,
)
from guixin.serve.orders import OFFERED, sales_to
from guixin.understand.models import Purchase

STANDING = Together(
    tasks=Reading(
        lambda case_id: (
            Task.objects.filter(case_id=case_id)
            .select_related("department", "handler")
            .order_by("stage", "pk")
        )
    ),
    clocks=Reading(
        lambda case_id: (
            Clock.objects.filter(case_id=case_id)
            .select_related("version__standard", "department", "holder")
            .order_by("due_at", "pk")
        )
    ),
    pauses=Reading(lambda case_id: Pause.objects.filter(clock__case_id=case_id).order_by("from_at")),
    escalations=Reading(
        lambda case_id: Escalation.objects.of_case(case_id).select_related(
            "to_person", "from_person", "department", "acted_by"
        )
    ),
)
# The plan to make the customer whole; of several the latest counts.
_RECOVERY = Together(
    recoveries=Reading(lambda case_id: Recovery.objects.filter(case_id=case_id).order_by("-pk")),
    recovery_steps=Reading(
        lambda case_id: (
            RecoveryStep.objects.filter(recovery__case_id=case_id)
            .select_related("owner", "done_by", "goodwill")
            .order_by("pk")
        )
    ),
    recovery_clocks=Reading(
        lambda case_id: (
            Clock.objects.filter(
                about_kind=Recovery.ABOUT, about_id__in=Recovery.objects.filter(case_id=case_id).values("pk")
            )
            .select_related("version__standard", "department", "holder")
            .order_by("due_at", "pk")
        )
    ),
)
# By message, and what belongs to the case itself: two walks of an index are less than one OR.
_MAIL = Together(
    received=Reading(
        lambda case_id: (
            ReceivedMail.objects.filter(message__case_id=case_id)
            .select_related("hint")
            .defer("raw")
            .order_by("pk")
        )
    ),
    opening=Reading(
        lambda case_id: (
            ReceivedMail.objects.filter(case_id=case_id, became=ReceivedMail.Became.CASE)
            .select_related("hint")
            .defer("raw")
            .order_by("pk")
        )
    ),
    sent=Reading(lambda case_id: SentMail.objects.filter(message__case_id=case_id).order_by("pk")),
    sent_besides=Reading(
        lambda case_id: SentMail.objects.filter(case_id=case_id, message=None).order_by("pk")
    ),
)
MIDDLE = (
    STANDING
    | _RECOVERY
    | _MAIL
    | Together(
        messages=Reading(
            lambda case_id: (
                Message.objects.filter(case_id=case_id)
                .select_related("by", "task__department")
                .order_by("at", "pk")
            )
        ),
        entries=ENTRIES,
        said_in_acts=SAID_IN_ACTS,
        attachments=Reading(lambda case_id: Attachment.objects.filter(case_id=case_id).order_by("at", "pk")),
        problems=Reading(
            lambda case_id: (
                HardProblem.objects.filter(case_id=case_id)
                .select_related("skill", "expert", "asked_by", "ended_by")
                .order_by("asked_at", "pk")
            )
        ),
        filled_forms=Reading(
            lambda case_id: FilledForm.objects.filter(case_id=case_id, is_current=True).select_related(
                "version__form", "by"
            )
        ),
        extensions=Reading(
            lambda case_id: (
                Extension.objects.filter(case_id=case_id)
                .select_related("clock", "asked_by", "authority", "decided_by")
                .order_by("asked_at")
            )
        ),
        follow_ups=Reading(lambda case_id: FollowUp.objects.filter(case_id=case_id).order_by("pk")),
        visits=Reading(
            lambda case_id: Visit.objects.filter(case_id=case_id).select_related("host").order_by("pk")
        ),
    )
)
ASIDE = (
    STANDING
    | _RECOVERY
    | Together(
        routings=Reading(
            lambda case_id: (
                Routing.objects.filter(case_id=case_id).select_related("rule", "by").order_by("at", "pk")
            )
        ),
        links=Reading(
            lambda case_id: CaseLink.objects.filter(Q(case_id=case_id) | Q(other_id=case_id)).order_by("pk")
        ),
        goodwill=Reading(
            lambda case_id: (
                Goodwill.objects.filter(case_id=case_id)
                .select_related("by", "request__to_person")
                .order_by("pk")
            )
        ),
        closings=Reading(
            lambda case_id: (
                Closing.objects.filter(case_id=case_id)
                .select_related("by", "department")
                .order_by("generation")
            )
        ),
    )
)
WHOLE = MIDDLE | ASIDE

_NAMED = CasePurchase.objects.filter(off_at=None)
# What case_orders.py shows.
ORDERS = Together(
    named=Reading(lambda case_id: _NAMED.filter(case_id=case_id).order_by("at", "pk")),
    named_lines=Reading(
        lambda case_id: (
            Purchase.objects.filter(pk__in=_NAMED.filter(case_id=case_id).values("purchase_id"))
            .with_what_came_back()
            .select_related("product")
        )
    ),
    stakes=Reading(lambda case_id: Stake.objects.filter(case_id=case_id).select_related("by")),
    last_purchases=Reading(
        lambda case_id: sales_to(Subquery(Case.objects.filter(pk=case_id).values("customer_id")))[:OFFERED]
    ),
)
MIDDLE_AND_ORDERS = MIDDLE | ORDERS
