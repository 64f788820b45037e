"""The firm's tree and its chairs: departments and positions are added, changed, closed."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.events import (
    DepartmentAdded,
    DepartmentChanged,
    DepartmentClosed,
    DepartmentReopened,
    PositionAdded,
    PositionChanged,
)
from guixin.organisation.models import Calendar, Department, Duty, Person, Position, Sees
from guixin.organisation.pinyin import spell
from guixin.web.refusals import Refused


class CannotArrange(Refused):
    """The tree cannot look like that, because of what was typed."""

    about_input = True


class CannotClose(Refused):
    """The department still has something to do."""


Check = Callable[[Department], None]
_before_closing: list[Check] = []


def ask_before_closing(check: Check) -> None:
    """Packages above know what keeps a department busy; `check` raises CannotClose with what to do about it."""
    if check not in _before_closing:
        _before_closing.append(check)


@transaction.atomic
def add_department(
    *, name: str, by: Person | None, now: datetime, name_en: str = "", code: str = "",
    under: Department | None = None, calendar: Calendar | None = None, region: str = "",
    is_front_desk: bool = False,
) -> Department:  # fmt: skip
    """A new department. Without a code it gets one from its English name, or its pinyin."""
    if not name.strip():
        raise CannotArrange(_("A department needs a name."))
    _standing(under)
    made = Department.objects.create(
        code=free_code(Department, code or name_en or name),
        name=name.strip(),
        name_en=name_en.strip(),
        parent=under,
        calendar=calendar,
        region=region.strip(),
        is_front_desk=is_front_desk,
    )
    record(DepartmentAdded(code=made.code, **_who(made, by, now)))
    return made


@transaction.atomic
def change_department(department: Department, *, by: Person | None, now: datetime, **values: Any) -> bool:
    """Name, English name, parent, calendar, region, front desk: what differs is written. Says whether anything did."""
    if "name" in values and not values["name"].strip():
        raise CannotArrange(_("A department needs a name."))
    if "parent" in values and values["parent"] != department.parent:
        _standing(values["parent"])
    return _change(department, values, DepartmentChanged, by, now)


@transaction.atomic
def close_department(department: Department, *, by: Person | None, now: datetime) -> bool:
    """No new work from now on. Refused, in words, while there is work or somebody relies on it."""
    Department.objects.select_for_update().get(pk=department.pk)
    if below := department.children.filter(is_active=True).first():
        raise CannotClose(
            _("“%(name)s” stands under it. Move that department elsewhere or close it first.")
            % {"name": below.name}
        )
    for check in _before_closing:
        check(department)
    if not Department.objects.filter(pk=department.pk, is_active=True).update(is_active=False):
        return False
    department.is_active = False
    record(DepartmentClosed(code=department.code, **_who(department, by, now)))
    return True


@transaction.atomic
def reopen_department(department: Department, *, by: Person | None, now: datetime) -> bool:
    """It takes work again."""
    _standing(department.parent)
    if not Department.objects.filter(pk=department.pk, is_active=False).update(is_active=True):
        return False
    department.is_active = True
    record(DepartmentReopened(code=department.code, **_who(department, by, now)))
    return True


@transaction.atomic
def add_position(
    department: Department, *, title: str, rank: int, by: Person | None, now: datetime, title_en: str = "",
    sees: str = Sees.DEPARTMENT, duties: list[str] | None = None, code: str = "",
) -> Position:  # fmt: skip
    """A new chair in a department. Nobody sits on it yet."""
    if not title.strip():
        raise CannotArrange(_("A position needs a title."))
    _standing(department)
    made = Position.objects.create(
        department=department,
        code=free_code(Position, code or f"{department.code}-{spell(title)[0] or title}"),
        title=title.strip(),
        title_en=title_en.strip(),
        rank=_rank(rank),
        sees=sees,
        duties=sorted(duties or []),
    )
    record(PositionAdded(code=made.code, department_id=department.pk, rank=made.rank, **_who(made, by, now)))
    return made


@transaction.atomic
def change_position(position: Position, *, by: Person | None, now: datetime, **values: Any) -> bool:
    """Title, English title, rank, what it sees, duties: whoever sits there is concerned at once."""
    if "title" in values and not values["title"].strip():
        raise CannotArrange(_("A position needs a title."))
    if "rank" in values:
        _rank(values["rank"])
    if "duties" in values:
        values["duties"] = sorted(values["duties"])
    changed = _change(position, values, PositionChanged, by, now)
    if changed:
        from guixin.organisation.employing import keep_an_administrator

        keep_an_administrator(now)
    return changed


def administrates(position: Position) -> bool:
    return Duty.ADMINISTRATOR in position.duties or position.sees == Sees.EVERYTHING


def free_code(model: Any, wish: str) -> str:
    """A code nobody has yet, from words in any language: 质量部 gives zhiliangbu, the next one zhiliangbu-2."""
    spelled = wish if wish.isascii() else spell(wish)[0]
    base = re.sub(r"[^a-z0-9]+", "-", spelled.casefold()).strip("-")[:40] or model._meta.model_name
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def _change(row: Any, values: dict, event: type, by: Person | None, now: datetime) -> bool:
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    record(event(code=row.code, changed=", ".join(changed), **_who(row, by, now)))
    return True


def _who(row: Any, by: Person | None, now: datetime) -> dict:
    return {
        "happened_at": now,
        "actor_id": by.pk if by else None,
        "about": (row._meta.model_name, row.pk),
    }


def _standing(department: Department | None) -> None:
    if department is not None and not department.is_active:
        raise CannotArrange(_("“%(name)s” is closed.") % {"name": department.name})


def _rank(rank: int) -> int:
    if rank < 1:
        raise CannotArrange(_("A rank is 1 or more."))
    return rank
