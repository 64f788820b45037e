from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.understand.segmenting import LONGEST_NAME


class SegmentForm(ActForm):
    """`noun`: the segment, or none for a new one."""

    name = line(_("Name of the segment"), required=True, max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    owner = PersonField(label=_("Who answers for it"))
    purpose = text(_("What it is for"), rows=3)

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {
                "name": self.noun.name, "name_en": self.noun.name_en, "purpose": self.noun.purpose,
                "owner": str(self.noun.owner_id),
            }  # fmt: skip
            owner = self.fields["owner"]
            if isinstance(owner, forms.ChoiceField) and self.initial["owner"] not in dict(owner.choices):  # type: ignore[arg-type]  # a list of pairs
                owner.choices = [*owner.choices, (str(self.noun.owner_id), self.noun.owner.name)]  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said | {name: (said.get(name) or "").strip() for name in ("name", "name_en", "purpose")}
