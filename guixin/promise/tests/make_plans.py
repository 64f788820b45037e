"""A plan of the segment of big customers, with one line unless a test says otherwise."""

from datetime import timedelta
from itertools import count

from guixin.organisation.tests import make as firm
from guixin.promise import communication, planning, posting
from guixin.promise.models import CommunicationPlan, PlanMessage
from guixin.promise.tests.make import NOON
from guixin.understand.models import Customer, Identity, Membership, Segment
from guixin.understand.models.identity import IdentityKind

_numbers = count(1)
SOON = NOON + timedelta(minutes=1)


def segment(code: str = "key", priority: int = 1) -> Segment:
    found, _made = Segment.objects.get_or_create(
        code=code,
        defaults={
            "name": code,
            "owner": firm.chen(),
            "priority": priority,
            "published_at": NOON - timedelta(days=9),
        },
    )
    return found


def line(occasion: str = "entered", channel: str = "email", **more) -> dict:
    said = {
        "code": f"line{next(_numbers)}", "occasion": occasion, "channel": channel, "purpose": "service",
        "subject": "您好", "body": "{customer}，感谢您的支持。",
    }  # fmt: skip
    return said | more


def plan(*lines: dict, of: Segment | None = None, now=NOON, **terms) -> CommunicationPlan:
    """In force since noon; without quiet hours, as many messages as one likes."""
    made = communication.plan_of(of or segment())
    content = {"calendar": "always", "quiet_from": None, "quiet_to": None, "at_most": 99, "within_days": 30}
    firm.calendar("always")
    communication.publish(
        made, content | terms | {"entries": list(lines or [line()])}, by=firm.chen(), now=now
    )
    made.refresh_from_db()
    return made


def customer(name: str = "张三", email: str = "zhang@example.com", phone: str = "", **more) -> Customer:
    made = Customer.objects.create(name=name, created_at=NOON, **more)
    for kind, value in ((IdentityKind.EMAIL, email), (IdentityKind.PHONE, phone)):
        if value:
            Identity.objects.create(customer=made, kind=kind, raw=value, normal=value)
    return made


def enters(who: Customer, *segments: Segment, at=SOON) -> Customer:
    for each in segments or (segment(),):
        Membership.objects.create(customer=who, segment=each, since=at)
    first = min(segments or (segment(),), key=lambda each: each.priority)
    Customer.objects.filter(pk=who.pk).update(segment=first)
    who.refresh_from_db()
    return who


def work(now=SOON) -> None:
    """What the worker does until nothing is left, up to the post."""
    planning.plan_what_happened(now)
    while posting.post_due(now):
        pass


def messages(**more) -> list[PlanMessage]:
    return list(PlanMessage.objects.filter(**more).order_by("pk"))


def the_message(**more) -> PlanMessage:
    (one,) = messages(**more)
    return one
