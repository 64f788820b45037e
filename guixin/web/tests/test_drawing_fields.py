"""Python draws the fields of forms as Django's own templates would."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from guixin.web.widgets import Widgets


class Everything(forms.Form):
    line = forms.CharField(required=False, max_length=200, initial='a "quoted" <word>', help_text="Help")
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "data-words": ""}), initial="one\n<two>")
    number = forms.IntegerField(min_value=1, initial=3)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    ticked = forms.BooleanField(required=False, initial=True)
    unticked = forms.BooleanField(required=False)
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True}))
    file = forms.FileField(widget=forms.FileInput(attrs={"multiple": False}))
    one = forms.ChoiceField(choices=[("", "–"), ("a", "A & B"), (1, "<one>")], initial=1)
    grouped = forms.ChoiceField(choices=[("G", [("x", "X"), ("y", "Y")]), ("z", "Z")], initial="y")
    some = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, initial=["b"]
    )
    radio = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


class TestAField:
    @pytest.mark.parametrize("name", list(Everything.base_fields))
    @pytest.mark.parametrize("said", [None, {"line": "<&>", "one": "a", "number": "x", "ticked": ""}])
    def test_looks_as_the_templates_of_django_draw_it(self, name, said):
        drawn = Everything(said, renderer=Widgets())[name]
        usual = Everything(said, renderer=DjangoTemplates())[name]

        assert _without_breaks(str(drawn)) == _without_breaks(str(usual))


def _without_breaks(html: str) -> str:
    return re.sub(r">\s+<", "><", html)
