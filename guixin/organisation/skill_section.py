"""What a firm file says about skills and their experts. Imported by `firm_sections`."""

from django.utils.translation import gettext as _

from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Person, Skill
from guixin.organisation.skilling import CannotSkill, keep_skill


@section("skills")
def load_skills(entries, loading: Loading) -> None:
    """[skills.dyeing] name, name_en, people = ["hao", "ye"]: to whom hard problems of this kind are sent.
    `retired = true` asks for it no more."""
    for code, entry in loading.each(entries):
        loading.known_keys(entry, "name", "name_en", "people", "retired")
        is_new = not Skill.objects.filter(code=code).exists()
        people = [loading.find(Person, _("person"), login=login) for login in entry.get("people", [])]
        try:
            _skill, changed = keep_skill(
                code, name=loading.needed(entry, "name"), name_en=entry.get("name_en", ""), people=people,
                retired=bool(entry.get("retired")), by=None, now=loading.now,
            )  # fmt: skip
        except CannotSkill as why:
            raise loading.refuse(str(why)) from why
        if changed:
            (loading.created if is_new else loading.changed)["Skill"] += 1
