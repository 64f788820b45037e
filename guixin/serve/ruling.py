"""The firm's own rules of serving: routing rules in versions, and its policy. Cases already routed keep the rule
that fired for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Person
from guixin.serve.models import Policy, RoutingRule, RoutingStep
from guixin.serve.routing import CannotRoute
from guixin.web.refusals import Refused


class CannotChoose(Refused):
    """The policy cannot be like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class RulePublished(Event):
    """A routing rule has a new version; it holds for cases that arrive from now on."""

    kind: ClassVar[str] = "serve.rule_published"
    sentence: ClassVar[str] = gettext_noop("Routing rule %(code)s version %(number)s was published")
    code: str
    number: int
    departments: list[int]


@dataclass(frozen=True, kw_only=True)
class RuleWithdrawn(Event):
    """A routing rule fires no more."""

    kind: ClassVar[str] = "serve.rule_withdrawn"
    sentence: ClassVar[str] = gettext_noop("Routing rule %(code)s was withdrawn")
    code: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """The firm chose differently how it serves: what was, and what holds from now on."""

    kind: ClassVar[str] = "serve.policy_changed"
    sentence: ClassVar[str] = gettext_noop("The firm's policy was changed")
    before: dict[str, int]
    after: dict[str, int]


@transaction.atomic
def publish_rule(
    code: str, *, name: str, position: int, steps: Sequence[tuple[int, int, str]], by: Person | None,
    now: datetime, **conditions,
) -> RoutingRule:  # fmt: skip
    """The next version of the rule, or the first. `steps`: (department id, stage, instruction) for each."""
    if not steps:
        raise CannotRoute(_("Name at least one department."))
    last = RoutingRule.objects.select_for_update().filter(code=code).order_by("-number").first()
    RoutingRule.objects.filter(code=code, withdrawn_at=None).update(withdrawn_at=now)
    rule = RoutingRule.objects.create(
        code=code,
        number=last.number + 1 if last else 1,
        name=name,
        position=position,
        published_at=now,
        published_by=by,
        **conditions,
    )
    RoutingStep.objects.bulk_create(
        RoutingStep(rule=rule, department_id=department_id, stage=stage, instruction=instruction)
        for department_id, stage, instruction in steps
    )
    record(
        RulePublished(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("rule", rule.pk),
            code=code,
            number=rule.number,
            departments=[step[0] for step in steps],
        )
    )
    return rule


@transaction.atomic
def withdraw_rule(rule: RoutingRule, *, by: Person | None, now: datetime) -> None:
    """Take the rule out of force; does nothing if it is no longer."""
    if RoutingRule.objects.filter(pk=rule.pk, withdrawn_at=None).update(withdrawn_at=now):
        record(
            RuleWithdrawn(
                happened_at=now,
                actor_id=by.pk if by else None,
                about=("rule", rule.pk),
                code=rule.code,
                number=rule.number,
            )
        )


POLICY = (
    "repeat_within_days",
    "send_back_within_minutes",
    "follow_up_after_days",
    "urge_every_hours",
    "classify",
)


@transaction.atomic
def change_policy(values: dict[str, Any], *, by: Person | None, now: datetime) -> dict[str, int]:
    """Choose these; returns what was chosen before, so that it can be taken back."""
    row, _made = Policy.objects.select_for_update().get_or_create(only_one=True)
    before = {name: getattr(row, name) for name in POLICY}
    after = before | values
    if after != before:
        try:
            Policy(**after).clean_fields()
        except ValidationError as wrong:
            name, messages = next(iter(wrong.message_dict.items()))
            raise CannotChoose(f"{name}: {messages[0]}") from wrong
        Policy.objects.filter(pk=row.pk).update(**after)
        record(
            PolicyChanged(
                happened_at=now,
                actor_id=by.pk if by else None,
                about=("policy", 1),
                before=before,
                after=after,
            )
        )
    return before
