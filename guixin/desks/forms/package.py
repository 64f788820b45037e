"""The form of a service package."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ListSelect, PersonField, line, text
from guixin.desks.lists import Lists
from guixin.organisation.models import Calendar
from guixin.promise.models import PackageVersion, Standard
from guixin.promise.packages import CONTENT
from guixin.serve.models import Case
from guixin.understand.models import Segment


class PackageForm(forms.Form):
    """What a package promises, who answers for it, and why this segment gets it."""

    reason = text(_("Why this segment gets this (Chinese)"), rows=3, required=True)
    reason_en = text(_("Why this segment gets this (English)"), rows=3)
    standards = forms.MultipleChoiceField(
        label=_("Standards"), required=False, widget=forms.CheckboxSelectMultiple
    )
    owner = PersonField(
        label=_("Who answers for these customers"),
        required=False,
        help_text=_("New cases of theirs go to this person while at work."),
    )
    calendar = forms.ChoiceField(
        label=_("Hours in which we are there for them"),
        required=False,
        widget=ListSelect,
        help_text=_("Standards without hours of their own are counted in these."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        choices=[
            each for each in Case.Channel.choices if each[0] not in ("api", "file", "internal", "other")
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    contact = line(_("A line or address of their own"))
    visit_every_days = forms.IntegerField(
        label=_("Days between planned contacts"), required=False, min_value=1, max_value=999
    )
    promise = text(_("What the customer reads (Chinese)"), rows=2)
    promise_en = text(_("What the customer reads (English)"), rows=2)
    remedy = text(_("What the customer gets when we break it (Chinese)"), rows=2)
    remedy_en = text(_("What the customer gets when we break it (English)"), rows=2)
    is_public = forms.BooleanField(
        label=_("Also on the page of standards that everybody reads"), required=False
    )
    review_on = forms.DateField(
        label=_("Looked at again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    WHY = ("reason", "reason_en", "review_on")
    WHAT = ("standards", "owner", "calendar", "channels", "contact", "visit_every_days")
    PUBLIC = ("promise", "promise_en", "remedy", "remedy_en", "is_public")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        language = get_language() or "zh-hans"
        self._calendars = {str(each.pk): each for each in Calendar.objects.order_by("code")}
        in_force = Standard.objects.filter(versions__isnull=False, versions__withdrawn_at__isnull=True)
        self._standards = {str(each.pk): each for each in in_force.order_by("measure", "code").distinct()}
        _choices(self, "standards").choices = [
            (pk, " · ".join(dict.fromkeys((str(each.get_measure_display()), each.shown_name(language)))))
            for pk, each in self._standards.items()
        ]
        _choices(self, "calendar").choices = [
            ("", _("The working time of the department that keeps it")),
            *((pk, each.name) for pk, each in self._calendars.items()),
        ]
        _choices(self, "owner").choices = Lists().people

    def group(self, names: tuple[str, ...]) -> list:
        return [self[name] for name in names]

    @property
    def why(self) -> list:
        return self.group(self.WHY)

    @property
    def what(self) -> list:
        return self.group(self.WHAT)

    @property
    def public(self) -> list:
        return self.group(self.PUBLIC)

    def content(self) -> dict[str, Any]:
        """The cleaned form as `packages.publish` takes it."""
        said = self.cleaned_data
        return {name: said[name] for name in CONTENT} | {"calendar": self._calendars.get(said["calendar"])}

    def chosen_standards(self) -> list[Standard]:
        return [self._standards[pk] for pk in self.cleaned_data["standards"]]

    @staticmethod
    def initial_of(version: PackageVersion | None) -> dict[str, Any]:
        if version is None:
            return {}
        return {name: getattr(version, name) for name in CONTENT} | {
            "calendar": version.calendar_id or "",
            "owner": version.owner_id or "",
            "standards": [str(pk) for pk in version.standards.values_list("pk", flat=True)],
        }


class NewPackageForm(PackageForm):
    """A package and its first version together."""

    name = line(_("Name (Chinese)"), required=True, max_length=60)
    name_en = line(_("Name (English)"), max_length=60)
    segment = forms.ChoiceField(label=_("For the segment"), widget=ListSelect)

    def __init__(self, *args: Any, segments: list[Segment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        self._segments = {str(each.pk): each for each in segments}
        _choices(self, "segment").choices = [
            (pk, each.shown_name(language)) for pk, each in self._segments.items()
        ]

    @property
    def naming(self) -> list:
        return self.group(("segment", "name", "name_en"))

    def clean_segment(self) -> Segment:
        return self._segments[self.cleaned_data["segment"]]


def _choices(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
