"""The forms with which a blueprint is drawn. Each carries the version of the draft it was read at."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, PersonField, line
from guixin.promise.drawing import LONGEST_NAME, Drawing, Element, Lane
from guixin.promise.models import Standard


class NewBlueprintForm(ActForm):
    name = line(
        _("Name of the service"),
        max_length=LONGEST_NAME,
        help_text=_("Such as: a complaint, a factory visit."),
    )
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    department = DepartmentField(label=_("Owned by"), nothing=_("The whole firm"), required=False)
    steward = PersonField(label=_("Steward, who may draw it"), required=False)


class StepForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = line(_("Step"), max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)


class ElementForm(forms.Form):
    """One box. Empty names and unknown things are refused by the drawing, in its own words."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = line(pgettext_lazy("in a blueprint", "What happens"), max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    lane = forms.ChoiceField(label=_("Lane"), choices=Lane.choices)
    step = forms.ChoiceField(label=_("Step"))
    is_moment = forms.BooleanField(
        label=_("A moment of truth: it decides what the customer thinks of us"), required=False
    )
    standards = forms.MultipleChoiceField(
        label=_("Promises kept here"), required=False, widget=forms.CheckboxSelectMultiple
    )
    leads_to = forms.MultipleChoiceField(
        label=_("Leads to"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, drawing: Drawing, element: Element | None = None, **kwargs: Any):
        super().__init__(data, label_suffix="", **kwargs)
        language = get_language() or "zh-hans"
        fields: dict[str, Any] = self.fields
        fields["step"].choices = [(each.key, each.shown_name(language)) for each in drawing.steps]
        # A withdrawn standard that stands here already may stay; otherwise those that promise something now.
        held = element.standards if element else ()
        offered = Standard.objects.filter(versions__withdrawn_at__isnull=True) | Standard.objects.filter(
            code__in=held
        )
        fields["standards"].choices = [
            (each.code, each.shown_name(language)) for each in offered.distinct().order_by("measure", "code")
        ]
        place = {each.key: number for number, each in enumerate(drawing.steps)}
        others = [each for each in drawing.elements if element is None or each.key != element.key]
        fields["leads_to"].choices = [
            (each.key, f"{each.shown_name(language)} ({Lane(each.lane).label})")
            for each in sorted(others, key=lambda each: place[each.step])
        ]
        if element is not None:
            for name in ("name", "name_en", "lane", "step", "is_moment", "standards", "leads_to"):
                self.initial[name] = getattr(element, name)

    def about(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}
