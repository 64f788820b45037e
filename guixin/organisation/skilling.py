"""Skills and their experts: added, renamed, given to people, retired."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Person, Skill
from guixin.organisation.pinyin import new_code
from guixin.web.refusals import Refused


class CannotSkill(Refused):
    """The skill cannot be kept like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class SkillChanged(Event):
    """A skill was added, renamed, given to other people, retired or is asked for again. `people` are its experts now."""

    kind: ClassVar[str] = "organisation.skill_changed"
    sentence: ClassVar[str] = gettext_noop("Skill %(skill)s was changed")
    skill: str
    people: list[int]
    retired: bool = False


@transaction.atomic
def keep_skill(
    code: str, *, name: str, people: Collection[Person], by: Person | None, now: datetime, name_en: str = "",
    retired: bool = False,
) -> tuple[Skill, bool]:  # fmt: skip
    """The skill is called so and these are its experts; a new one without a code is given one. Returns it, and whether
    anything changed."""
    name = " ".join(name.split())
    if not name:
        raise CannotSkill(_("Give the skill a name."))
    skill = Skill.objects.select_for_update().filter(code=code).first() if code else None
    if skill is None:
        code = new_code(
            code, name, name_en, lambda made: Skill.objects.filter(code=made).exists(), otherwise="skill"
        )
        skill = Skill.objects.create(code=code, name=name, name_en=name_en.strip())
        before: tuple = ()
    else:
        before = (skill.name, skill.name_en, skill.retired_at is not None, *_experts(skill))
    wanted = sorted({each.pk for each in people})
    if before == (name, name_en.strip(), retired, *wanted):
        return skill, False
    skill.name, skill.name_en = name, name_en.strip()
    skill.retired_at = (skill.retired_at or now) if retired else None
    skill.save(update_fields=["name", "name_en", "retired_at"])
    skill.people.set(wanted)
    record(
        SkillChanged(
            happened_at=now, actor_id=by.pk if by else None, about=("skill", skill.pk), skill=skill.code,
            people=wanted, retired=retired,
        )
    )  # fmt: skip
    return skill, True


def _experts(skill: Skill) -> list[int]:
    return sorted(skill.people.values_list("pk", flat=True))
