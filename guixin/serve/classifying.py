"""What a case turned out to be: responsible department, quality point, cause and severity, and correcting it later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.serve import cause_events as events
from guixin.serve.models import Case, Closing, Policy, Term
from guixin.serve.models.policy import policy
from guixin.web.refusals import Refused


class CannotClose(Refused):
    """The case cannot be closed yet, and what is missing."""


class CannotClassify(Refused):
    """The classification cannot be corrected, and why."""


class ClassifiedMeanwhile(CannotClassify):
    """Somebody else corrected it since it was read; `closing` is how it stands now."""

    def __init__(self, closing: Closing):
        super().__init__(
            _("Somebody else has corrected the classification meanwhile. This is how it stands now.")
        )
        self.closing = closing


@dataclass(frozen=True)
class Classification:
    department: Department | None = None  # responsible
    quality_point: str = ""  # codes of terms
    cause: str = ""
    severity: int | None = None

    @classmethod
    def of(cls, closing: Closing) -> "Classification":
        return cls(closing.department, closing.quality_point, closing.cause, closing.severity)

    def plain(self) -> dict[str, Any]:
        """For the ledger."""
        code = self.department.code if self.department else ""
        return {
            "department": code, "quality_point": self.quality_point, "cause": self.cause, "severity": self.severity
        }  # fmt: skip


def is_required(kind: str) -> bool:
    """Whether a case of this kind is closed only with its classification: a choice of the firm."""
    wanted = policy().classify
    return wanted == Policy.Classify.ALL or (
        wanted == Policy.Classify.COMPLAINTS and kind == Case.Kind.COMPLAINT
    )


def check(said: Classification, *, kind: str) -> None:
    """Raises CannotClose for what is missing or in none of the firm's lists."""
    if is_required(kind):
        given = {
            _("responsible department"): said.department,
            _("quality point"): said.quality_point,
            _("cause"): said.cause,
            _("severity"): said.severity,
        }
        if missing := [str(name) for name, value in given.items() if not value]:
            words = (
                _("A complaint is closed with its classification; missing: %s.")
                if kind == Case.Kind.COMPLAINT
                else _("A case is closed with its classification; missing: %s.")
            )
            raise CannotClose(words % ", ".join(missing))
    _known_term(Term.List.QUALITY_POINT, said.quality_point)
    _known_term(Term.List.CAUSE, said.cause)
    if said.severity is not None and said.severity not in Case.Severity.values:
        raise CannotClose(_("Severity is a number from 1 (minor) to 4 (critical)."))


def _known_term(which: Term.List, code: str) -> None:
    if code and not Term.objects.filter(list=which, code=code).exists():
        raise CannotClose(
            _("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": which.label}
        )


def latest_closing(case: Case) -> Closing | None:
    return case.closings.select_related("department").order_by("-generation").first()


@transaction.atomic
def reclassify(
    case: Case, said: Classification, *, reason: str, version: int, by: Person, now: datetime
) -> Closing:
    """Correct what the last closing says. What it said before stays in the ledger.

    version     of the closing as it was read; refused with `ClassifiedMeanwhile` if it has moved on
    """
    closing = (
        Closing.objects.select_for_update(of=("self",)).filter(case=case).order_by("-generation").first()
    )
    if closing is None:
        raise CannotClassify(_("The case has not been closed yet; it is classified with the closing."))
    if closing.version != version:
        raise ClassifiedMeanwhile(closing)
    if not reason.strip():
        raise CannotClassify(_("Say why the classification is corrected."))
    check(said, kind=case.kind)
    was, becomes = Classification.of(closing).plain(), said.plain()
    changed = [name for name, value in becomes.items() if value != was[name]]
    if not changed:
        return closing
    Closing.objects.filter(pk=closing.pk).update(
        department=said.department, quality_point=said.quality_point, cause=said.cause, severity=said.severity,
        version=closing.version + 1,
    )  # fmt: skip
    record(
        events.CaseReclassified(
            happened_at=now, actor_id=by.pk, about=case.about, case_id=case.pk, generation=closing.generation,
            fields=changed, old={name: was[name] for name in changed},
            new={name: becomes[name] for name in changed}, personal={"reason": reason.strip()},
        )
    )  # fmt: skip
    closing.refresh_from_db()
    return closing
