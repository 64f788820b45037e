"""Which compensations somebody wants to see: read from an address or from what a program sent, and written as an address again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from guixin.serve.models import Goodwill
from guixin.web.refusals import Refused


class CannotChoose(Refused):
    """What was said chooses nothing there is."""

    about_input = True


@dataclass(frozen=True)
class Wanted:
    """Blank chooses nothing away. The days are those it was asked for or promised, both included, by the firm's clock."""

    state: str = ""
    kind: str = ""
    department_id: int | None = None  # where the case is now
    currency: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, said: Mapping[str, Any], *, strictly: bool = False) -> "Wanted":
        """`state`, `kind`, `department` (its id), `currency`, `from` and `to`, as an address writes them.

        What means nothing chooses nothing away, or is refused in words where it is read `strictly`.
        """
        department = str(said.get("department") or "")
        return cls(
            state=_one_of(Goodwill.State.values, said.get("state") or "", strictly),
            kind=_one_of(Goodwill.Kind.values, said.get("kind") or "", strictly),
            department_id=int(department)
            if department.isascii() and department.isdecimal() and len(department) < 10
            else None,
            currency=(said.get("currency") or "").strip().upper()[:3],
            first=_day(said.get("from")),
            last=_day(said.get("to")),
        )

    def as_address(self) -> str:
        """What `read` reads."""
        said = {
            "state": self.state, "kind": self.kind, "department": self.department_id, "currency": self.currency,
            "from": self.first, "to": self.last,
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})


def _one_of(known: list[str], said: str, strictly: bool) -> str:
    if said in known:
        return said
    if said and strictly:
        raise CannotChoose(_("“%(said)s” is none of: %(known)s.") % {"said": said, "known": ", ".join(known)})
    return ""


def _day(said: Any) -> date | None:
    try:
        found = said if isinstance(said, date) else date.fromisoformat(said or "")
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None
