"""The rules that propose recoveries: kept by the firm, every version of them in the ledger."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person, Position
from guixin.organisation.pinyin import new_code
from guixin.recover.events import RecoveryRuleChanged
from guixin.recover.models import Fault, RecoveryRule, StepKind
from guixin.recover.models.recovery import TANGIBLE
from guixin.serve.models import Case, Failure
from guixin.web import money
from guixin.web.refusals import Refused

AT_MOST = len(StepKind)  # steps of a rule: each kind once, in their order
OF_STEP = ("kind", "position", "words", "words_en", "amount", "currency")


class CannotRule(Refused):
    """The rule cannot be kept like this."""

    about_input = True


@transaction.atomic
def keep_rule(
    code: str, *, name: str, steps: Sequence[Mapping[str, Any]], by: Person | None, now: datetime, name_en: str = "",
    from_severity: int = Case.Severity.MINOR, fault: str = "", failure: str = "", grades: str = "",
    retired: bool = False,
) -> tuple[RecoveryRule, bool]:  # fmt: skip
    """The rule says this from now on; a new one without a code is given one. Returns it, and whether anything changed.

    steps   see RecoveryRule; amounts as plain decimals ("50.00")
    """
    name = " ".join(name.split())
    if not name:
        raise CannotRule(_("Give the rule a name."))
    if from_severity not in Case.Severity.values:
        raise CannotRule(_("The severity is 1 to 4."))
    if fault not in ("", *Fault.values):
        raise CannotRule(_("Say whose fault the rule is for, or leave it open."))
    if failure not in ("", *Failure.values):
        raise CannotRule(_("There is no sort of failure called “%s”.") % failure)
    grades = "".join(sorted(set(grades.upper().replace(" ", "").replace(",", ""))))
    if grades and not re.fullmatch(r"[A-Z]+", grades):
        raise CannotRule(_("Grades are letters, such as A or AB."))
    says = {
        "name": name, "name_en": name_en.strip(), "from_severity": from_severity, "fault": fault, "failure": failure,
        "grades": grades, "steps": checked(steps),
    }  # fmt: skip
    rule = RecoveryRule.objects.select_for_update().filter(code=code).first() if code else None
    if rule is None:
        code = new_code(
            code,
            name,
            name_en,
            lambda made: RecoveryRule.objects.filter(code=made).exists(),
            otherwise="rule",
        )
        rule = RecoveryRule.objects.create(code=code, **says, retired_at=now if retired else None)
    elif {**{key: getattr(rule, key) for key in says}, "_": rule.retired_at is not None} == {
        **says,
        "_": retired,
    }:
        return rule, False
    else:
        for key, value in says.items():
            setattr(rule, key, value)
        rule.retired_at = (rule.retired_at or now) if retired else None
        rule.number += 1
        rule.save(update_fields=[*says, "retired_at", "number"])
    record(
        RecoveryRuleChanged(
            happened_at=now, actor_id=by.pk if by else None, about=rule.about, rule=rule.code, number=rule.number,
            says=says, retired=retired,
        )
    )  # fmt: skip
    return rule, True


def checked(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The steps as they are kept: known kinds and positions, money that is money, nothing empty."""
    if not steps:
        raise CannotRule(_("A rule proposes at least one step."))
    positions = set(Position.objects.values_list("code", flat=True))
    found = [_checked(step, positions) for step in steps]
    kinds = [each["kind"] for each in found]
    if len(set(kinds)) < len(kinds):
        raise CannotRule(_("A rule proposes each kind of step once."))
    return sorted(found, key=lambda each: StepKind.values.index(each["kind"]))


def _checked(step: Mapping[str, Any], positions: set[str]) -> dict[str, str]:
    said = {key: str(step.get(key) or "").strip() for key in OF_STEP}
    if said["kind"] not in StepKind.values:
        raise CannotRule(
            _("“%s” is no step; choose an apology, listening, an explanation, a refund …") % said["kind"]
        )
    if said["position"] and said["position"] not in positions:
        raise CannotRule(_("There is no position called “%s”.") % said["position"])
    if said["amount"]:
        if said["kind"] not in TANGIBLE:
            raise CannotRule(_("Only what is given has a value: a refund, a replacement, a credit, a gift."))
        try:
            said["currency"] = money.currency_code(said["currency"] or money.firm_currency())
            units = money.minor_units(money.number(said["amount"]), said["currency"])
        except money.NotMoney as why:
            raise CannotRule(str(why)) from why
        if units <= 0:
            raise CannotRule(_("A value is more than nothing."))
        said["amount"] = money.written(units, said["currency"])
    else:
        said["currency"] = ""
    return {key: value for key, value in said.items() if value}
