"""Leaving a file, and saying which of its columns is what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.channels.importing.columns import fields_of, needed
from guixin.understand.models import PriceStudy

LARGEST = 50 * 1024 * 1024
KINDS = (
    ("", _("Tell it from the headings")),
    ("cases", _("New cases: each gets its owner, promises and departments")),
    ("past", _("Cases of the past, with their own times")),
    ("customers", _("Customers")),
    ("purchases", _("Purchases and returns")),
    ("prices", _("Answers to a price study")),
)


class FileForm(forms.Form):
    """Any table people have: .xlsx, .xls, .csv."""

    file = forms.FileField(
        label=_("The file"),
        help_text=_("Excel or CSV, up to 50 MB. The first row holds the headings."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv,.txt,.gz"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 50 MB. Divide it, or use the command line.")
            )
        return file


class LeaveForm(FileForm):
    what = forms.ChoiceField(label=_("What is in it"), choices=KINDS, required=False)


class ColumnsForm(forms.Form):
    """One choice for each of our fields, among the columns of the file."""

    def __init__(self, data: Any, *, what: str, headings: list[str], chosen: dict[str, str], only: str = ""):
        """`only`: the one price study whose answers this person may bring."""
        super().__init__(data, initial=chosen, label_suffix="")
        choices = [("", _("not in the file")), *((each, each) for each in headings)]
        fields = fields_of(what, chosen.get("source", ""))
        for field in fields:
            self.fields[field.name] = forms.ChoiceField(
                label=field.words, help_text=field.note, choices=choices, required=field.name in needed(what),
                error_messages={"required": _("Say which column this is; it must be filled.")},
            )  # fmt: skip
        if what == "cases":
            self.fields["source"] = forms.SlugField(
                label=_("Where these cases come from"),
                help_text=_("A short name, such as old-crm. A number is taken in once for each source."),
                initial=chosen.get("source") or "file",
                max_length=40,
            )
        if what == "purchases":
            self.fields["source"] = forms.SlugField(
                label=_("Where these purchases come from"),
                help_text=_("A short name, such as “shop”. A line is taken in once for each source."),
                initial=chosen.get("source") or "purchases",
                max_length=40,
            )
        if what == "prices":
            studies = PriceStudy.objects.filter(closed_at=None).order_by("-pk").values_list("code", "name")
            self.fields["source"] = forms.ChoiceField(
                label=_("To which study these answers belong"),
                choices=[("", _("choose")), *(each for each in studies if only in ("", each[0]))],
                initial=only or chosen.get("source"),
                error_messages={"required": _("Say to which price study these answers belong.")},
            )
        self.order_fields(["source", *(field.name for field in fields)])

    def chosen(self) -> dict[str, str]:
        return {name: words for name, words in self.cleaned_data.items() if words and name != "source"}
