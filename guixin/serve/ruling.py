"""New versions of routing rules. Cases already routed keep the rule that fired for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Person
from guixin.serve.models import RoutingRule, RoutingStep
from guixin.serve.routing import CannotRoute


@dataclass(frozen=True, kw_only=True)
class RulePublished(Event):
    """A routing rule has a new version; it holds for cases that arrive from now on."""

    kind: ClassVar[str] = "serve.rule_published"
    sentence: ClassVar[str] = gettext_noop("Routing rule %(code)s version %(number)s was published")
    code: str
    number: int
    departments: list[int]


@transaction.atomic
def publish_rule(
    code: str, *, name: str, position: int, steps: Sequence[tuple[int, int, str]], by: Person, now: datetime,
    **conditions,
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
        **conditions,
    )
    RoutingStep.objects.bulk_create(
        RoutingStep(rule=rule, department_id=department_id, stage=stage, instruction=instruction)
        for department_id, stage, instruction in steps
    )
    record(
        RulePublished(
            happened_at=now,
            actor_id=by.pk,
            about=("rule", rule.pk),
            code=code,
            number=rule.number,
            departments=[step[0] for step in steps],
        )
    )
    return rule
