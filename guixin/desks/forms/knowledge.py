"""Knowledge and market intelligence: few fields, the usual already chosen, the grading in plain words."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, instant, line, text
from guixin.desks.forms.contact import day
from guixin.organisation.models import Department
from guixin.understand import knowing
from guixin.understand.models import Contact, Knowledge, Segment
from guixin.understand.models.knowledge import OF_CUSTOMERS, OF_THE_MARKET, Credibility, Reliability, Worth

ABOUT_CUSTOMERS = [(kind.value, kind.label) for kind in OF_CUSTOMERS]
ABOUT_THE_MARKET = [(kind.value, kind.label) for kind in OF_THE_MARKET]


class DepartmentsField(forms.MultipleChoiceField):
    """Cleans to departments; with each, all below it is meant."""

    widget = forms.SelectMultiple(attrs={"size": "6"})

    def clean(self, value: Any) -> list[Department]:
        return list(Department.objects.filter(pk__in=super().clean(value)))


def offer_departments(form: ActForm, name: str = "departments") -> None:
    form.fields[name].choices = form.lists.departments()[1:]  # type: ignore[attr-defined]


class _Captured(ActForm):
    """What every form that writes knowledge down asks for."""

    title = line(_("What you know, in one line"), max_length=knowing.LONGEST_TITLE)
    words = text(_("More, if there is more to say"), rows=4)
    source = forms.ChoiceField(
        label=_("Where it comes from"), choices=Knowledge.Source.choices, initial=Knowledge.Source.OBSERVATION
    )
    source_words = line(_("From whom, or where exactly"))
    valid_until = day(
        _("The last day it can be relied on"), required=False, help_text=_("Left open: until it is reviewed.")
    )


class CustomersKnowledgeForm(_Captured):
    """`noun` is the customer, or the contact whose notes it is made of; then the source is known."""

    kind = forms.ChoiceField(label=_("What kind of knowledge"), choices=ABOUT_CUSTOMERS)
    case = line(_("Number of the case it came from"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    field_order = ["kind", "title", "words", "source", "source_words", "case", "valid_until"]

    def prepare(self) -> None:
        if isinstance(self.noun, Contact):
            del self.fields["source"], self.fields["source_words"], self.fields["case"]
            self.fields["words"].initial = self.noun.notes


class CaptureForm(_Captured):
    """Of a segment that is chosen, or anything that is named. `noun` is who writes it down."""

    kind = forms.ChoiceField(label=_("What kind of knowledge"))
    segment = forms.ChoiceField(label=_("About the segment"), required=False)
    subject = line(
        _("About which competitor, product line or market"),
        max_length=knowing.LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "subjects"}),
    )
    departments = DepartmentsField(
        label=_("Who must know it at once"), required=False,
        help_text=_("It stands on the desk of everybody in these departments and below them until they have read it."),
    )  # fmt: skip
    field_order = [
        "kind", "segment", "subject", "title", "words", "source", "source_words", "valid_until", "departments",
    ]  # fmt: skip

    def prepare(self) -> None:
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (_now("Market intelligence"), ABOUT_THE_MARKET), (_now("Knowledge of customers"), ABOUT_CUSTOMERS),
        ]  # fmt: skip
        language = get_language() or "zh-hans"
        self.segments = {each.code: each for each in Segment.objects.visible_to(self.noun).published()}
        self.fields["segment"].choices = [  # type: ignore[attr-defined]
            ("", _now("none")),
            *((code, each.shown_name(language)) for code, each in self.segments.items()),
        ]
        offer_departments(self)

    def clean_segment(self) -> Segment | None:
        return self.segments.get(self.cleaned_data.get("segment", ""))


class JudgingForm(ActForm):
    """Source and content are judged apart: a good source errs, a bad one may be right."""

    reliability = forms.ChoiceField(
        label=_("How far the source can be relied on"), choices=Reliability.choices, initial=Reliability.F,
        help_text=_("From what it told us before, whatever it says this time."),
    )  # fmt: skip
    credibility = forms.TypedChoiceField(
        label=_("How credible this is"), choices=Credibility.choices, coerce=int, initial=Credibility.UNKNOWN,
        help_text=_("Whoever says it: does anything else confirm it, or speak against it?"),
    )  # fmt: skip
    worth = forms.TypedChoiceField(
        label=_("What it is worth to us"), choices=Worth.choices, coerce=int, initial=Worth.USEFUL
    )
    topic = line(
        pgettext_lazy("knowledge", "Topic"), max_length=knowing.LONGEST_TOPIC,
        help_text=_("The same words for all of its sort. With a topic it is kept at once."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "topics"}),
    )  # fmt: skip
    review_on = day(
        _("Look at it again on"), required=False, help_text=_("Left open: as usual for its kind.")
    )

    def prepare(self) -> None:
        if self.noun.reliability:
            names = ("reliability", "credibility", "worth", "topic", "review_on")
            self.initial = {name: getattr(self.noun, name) for name in names}
        elif self.noun.topic:
            self.initial = {"topic": self.noun.topic}


class ClassifyingForm(ActForm):
    topic = line(
        pgettext_lazy("knowledge", "Topic"), max_length=knowing.LONGEST_TOPIC,
        help_text=_("The same words for all of its sort."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "topics"}),
    )  # fmt: skip
    review_on = day(
        _("Look at it again on"), required=False, help_text=_("Left open: as usual for its kind.")
    )

    def prepare(self) -> None:
        self.initial = {"topic": self.noun.topic}


class SharingForm(ActForm):
    departments = DepartmentsField(
        label=_("Who must know it"), required=False,
        help_text=_("It stands on the desk of everybody in these departments and below them until they have read it."),
    )  # fmt: skip
    read_until = instant(
        _("To be read until"),
        required=False,
        help_text=_("Left open: as long as the standard for reading gives."),
    )

    def prepare(self) -> None:
        offer_departments(self)


class ReadingForm(ActForm):
    words = text(_("What you will do about it, if anything"), required=False, rows=2)


class UseForm(ActForm):
    for_what = line(_("What you used it for"))
    case = line(_("For which case"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    back = forms.BooleanField(required=False, widget=forms.HiddenInput)  # it was used beside the case


class ReviewForm(ActForm):
    review_on = day(
        _("Look at it again on"), required=False, help_text=_("Left open: as usual for its kind.")
    )
    valid_until = day(_("The last day it can be relied on"), required=False)


class RevisionForm(ActForm):
    title = line(_("What you know, in one line"), max_length=knowing.LONGEST_TITLE)
    words = text(_("More, if there is more to say"), rows=4)
    valid_until = day(_("The last day it can be relied on"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.initial = {
            name: getattr(self.noun, name) for name in ("title", "words", "valid_until", "version")
        }


class EndingForm(ActForm):
    why = line(_("Why it no longer holds, or is not worth keeping"))
