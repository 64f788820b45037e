"""What is announced about authority: the table, what was lent, what was decided by it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class MatrixPublished(Event):
    """The authority matrix has a new version. What was decided under an older one stays decided.

    `grants`: how many lines it has; `people`: for how many something differs."""

    kind: ClassVar[str] = "organisation.matrix_published"
    sentence: ClassVar[str] = _("Authority matrix version %(number)s was published")
    number: int
    grants: int
    people: int


@dataclass(frozen=True, kw_only=True)
class AuthorityLent(Event):
    """Somebody lent a colleague part of their authority for a span: up to `limit` altogether."""

    kind: ClassVar[str] = "organisation.authority_lent"
    sentence: ClassVar[str] = _("Authority for %(decision)s was lent")
    lending_id: int
    borrower_id: int
    decision: str
    currency: str
    limit: int
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, kw_only=True)
class LendingEnded(Event):
    """Lent authority was taken back before its time."""

    kind: ClassVar[str] = "organisation.lending_ended"
    sentence: ClassVar[str] = _("Lent authority for %(decision)s was taken back")
    lending_id: int
    decision: str


@dataclass(frozen=True, kw_only=True)
class AuthorityUsed(Event):
    """Somebody decided by the authority matrix: `amount` in minor units of the currency, in minutes, or one time.

    `grant_id` is the line of the table (`matrix`: its version) that allowed it, `principal_id` whose authority it was,
    `how` own, deputy (the principal is away) or lent; `asked_by_id` who asked, if it answers a request."""

    kind: ClassVar[str] = "organisation.authority_used"
    sentence: ClassVar[str] = _("Decided by the authority matrix: %(decision)s")
    use_id: int
    grant_id: int
    matrix: int
    decision: str
    amount: int
    currency: str
    principal_id: int
    how: str
    asked_by_id: int | None


@dataclass(frozen=True, kw_only=True)
class AuthorityReturned(Event):
    """What was decided does not happen after all; it counts against no limit any more."""

    kind: ClassVar[str] = "organisation.authority_returned"
    sentence: ClassVar[str] = _("Taken back: %(decision)s")
    use_id: int
    grant_id: int
    decision: str
    amount: int
    currency: str
