"""The lines that ring customers back: set up, changed, closed by an administrator."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.serve.call_back_events import CallBackLineChanged
from guixin.serve.models import CallBackLine
from guixin.web.refusals import Refused

TERMS = ("window_minutes", "capacity", "days_ahead", "tries", "again_after_minutes", "most_open")


class CannotSetUp(Refused):
    """The line cannot be like this."""

    about_input = True


@transaction.atomic
def add_line(
    code: str, name: str, department: Department, *, by: Person | None, now: datetime, name_en: str = "",
    **terms: Any,
) -> CallBackLine:  # fmt: skip
    """A department that rings back from now on."""
    code = code.strip().lower()
    if CallBackLine.objects.filter(code=code).exists():
        raise CannotSetUp(_("The code “%s” is taken.") % code)
    line = CallBackLine(code=code, name=name.strip(), name_en=name_en.strip(), department=department, **terms)
    _check(line)
    line.save(force_insert=True)
    _tell(line, "added", by, now)
    return line


@transaction.atomic
def change_line(line: CallBackLine, *, by: Person | None, now: datetime, **values: Any) -> CallBackLine:
    """Name, department, windows, tries, `is_open`. What was promised already stays promised."""
    differing = [name for name, value in values.items() if getattr(line, name) != value]
    if not differing:
        return line
    for name in differing:
        setattr(line, name, values[name])
    _check(line)
    line.save(update_fields=differing)
    what = "changed" if differing != ["is_open"] else "opened" if line.is_open else "closed"
    _tell(line, what, by, now)
    return line


def _check(line: CallBackLine) -> None:
    try:
        line.clean_fields()
    except ValidationError as wrong:
        name, messages = next(iter(wrong.message_dict.items()))
        raise CannotSetUp(f"{name}: {messages[0]}") from wrong


def _tell(line: CallBackLine, what: str, by: Person | None, now: datetime) -> None:
    record(
        CallBackLineChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("call_back_line", line.pk),
            code=line.code, what=what,
        )
    )  # fmt: skip
