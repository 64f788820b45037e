"""The words of a template and what it does besides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, TermField, line, text
from guixin.serve.models import Template, Term

NAMING = ("name", "name_en", "shortcut", "kind", "department")
WORDING = ("body", "body_en")
BESIDES = ("settles", "at_fault", "quality_point", "cause", "task_for", "instruction", "opens_next")


class TemplateForm(ActForm):
    """`noun` is the version in force, or none for a new template."""

    name = line(_("Name of the template"), required=True)
    name_en = line(_("English name"))
    shortcut = line(
        _("Shortcut"), max_length=12, help_text=_("Typed after “/”: two letters of the pinyin are quick.")
    )
    kind = forms.ChoiceField(label=_("What is said"), choices=Template.Kind.choices)
    department = DepartmentField(label=_("Who is offered it"), nothing=_("Everybody"), required=False)
    body = text(_("Words"), rows=6)
    body_en = text(_("Words in English"), rows=6, help_text=_("For customers who are served in English."))
    settles = forms.BooleanField(label=_("Settle the case with it"), required=False)
    at_fault = DepartmentField(label=_("Responsible department"), nothing=_("To be chosen"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)
    task_for = DepartmentField(label=_("And give a task to"), nothing=_("Nobody"), required=False)
    instruction = line(_("What is asked of it"))
    opens_next = forms.BooleanField(label=_("Then open my next case"), required=False)

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {
                name: getattr(
                    self.noun, f"{name}_id" if name in ("department", "at_fault", "task_for") else name
                )
                for name in self.fields
            }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        return said | {name: said.get(name, "").strip() for name in ("name", "name_en", "shortcut", *WORDING)}

    def _of(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def naming(self) -> list[forms.BoundField]:
        return self._of(NAMING)

    @property
    def wording(self) -> list[forms.BoundField]:
        return self._of(WORDING)

    @property
    def besides(self) -> list[forms.BoundField]:
        return self._of(BESIDES)
