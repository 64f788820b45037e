"""The handbook: an article in two languages side by side, files to import, and what is done with an article."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.desks.forms.attach import FilesField, WithFiles
from guixin.desks.forms.base import ActForm, PersonField, TermField, line
from guixin.desks.forms.contact import day
from guixin.handbook import writing
from guixin.handbook.models import Article, ArticleKind, Audience
from guixin.handbook.models.article import WORDS
from guixin.handbook.writing import FACTS
from guixin.serve.models import Term

MARKDOWN = _("Markdown: **bold**, # heading, - point, 1. step, [words](address). HTML is read too.")


def _title(label: Any) -> forms.CharField:
    return line(label, max_length=writing.LONGEST_TITLE)


def _text(label: Any, *, rows: int, lang: str, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=writing.LONGEST_TEXT, help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "lang": lang, "data-keep": ""}),
    )  # fmt: skip


class ArticleForm(ActForm):
    """`noun` is the article, or None for a new one. The words stand in pairs: `sides`."""

    kind = forms.ChoiceField(label=_("What it is"), choices=ArticleKind.choices)
    audience = forms.ChoiceField(label=_("Who reads it"), choices=Audience.choices)
    topic = line(
        pgettext_lazy("knowledge", "Topic"), max_length=writing.LONGEST_TOPIC,
        help_text=_("The same words for all of its sort."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "topics"}),
    )  # fmt: skip
    category = TermField(Term.List.CATEGORY, label=_("Category of cases"), required=False)
    valid_from = day(_("Holds from"), required=False)
    valid_until = day(
        _("The last day it can be relied on"), required=False, help_text=_("Left open: until it is reviewed.")
    )
    title_zh = _title(_("Title in Chinese"))
    title_en = _title(_("Title in English"))
    text_zh = _text(_("Text in Chinese"), rows=14, lang="zh", hint=MARKDOWN)
    text_en = _text(_("Text in English"), rows=14, lang="en", hint=MARKDOWN)
    failed_zh = _text(_("What failed, in Chinese"), rows=4, lang="zh")
    failed_en = _text(_("What failed, in English"), rows=4, lang="en")
    instead_zh = _text(_("What to do instead, in Chinese"), rows=4, lang="zh")
    instead_en = _text(_("What to do instead, in English"), rows=4, lang="en")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        if isinstance(self.noun, Article):
            del self.fields["kind"]
            self.initial = {name: getattr(self.noun, name) for name in (*WORDS, *FACTS, "version")}

    @property
    def sides(self) -> list[list[Any]]:
        """Chinese, then English: title and text."""
        return [[self[f"{part}_{language}"] for part in ("title", "text")] for language in ("zh", "en")]

    @property
    def lesson_sides(self) -> list[list[Any]]:
        return [[self[f"{part}_{language}"] for part in ("failed", "instead")] for language in ("zh", "en")]

    @property
    def facts(self) -> list[Any]:
        names = ("kind", "audience", "topic", "category", "valid_from", "valid_until")
        return [self[name] for name in names if name in self.fields]

    def said(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The words and the facts, as `writing` takes them."""
        given = self.cleaned_data
        return {name: given[name] for name in WORDS}, {name: given[name] for name in FACTS}

    def is_of_lesson(self) -> bool:
        kind = self.noun.kind if isinstance(self.noun, Article) else self["kind"].value()
        return kind == ArticleKind.LESSON


class ImportForm(forms.Form):
    documents = FilesField(
        label=_("Word, Markdown, HTML or text files"),
        help_text=_("Several at once. Two files that differ in .zh and .en before the ending become one article."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What they are"), choices=ArticleKind.choices)
    audience = forms.ChoiceField(label=_("Who reads them"), choices=Audience.choices)
    topic = line(
        pgettext_lazy("knowledge", "Topic"), max_length=writing.LONGEST_TOPIC,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "topics"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["documents"].widget.attrs["accept"] = ".docx,.md,.markdown,.html,.htm,.txt"


class PublishingForm(ActForm):
    review_on = day(
        _("Look at it again on"), required=False, help_text=_("Left open: as usual for its kind.")
    )


class ArticleReviewForm(ActForm):
    review_on = day(
        _("Look at it again on"), required=False, help_text=_("Left open: as usual for its kind.")
    )
    valid_until = day(_("The last day it can be relied on"), required=False)


class WithdrawalForm(ActForm):
    why = line(_("Why it no longer holds, or is not worth publishing"))


class OwnerForm(ActForm):
    owner = PersonField(
        label=_("Who answers for it from now on"), error_messages={"required": _("Choose somebody.")}
    )


class ArticleFilesForm(WithFiles, ActForm):
    def prepare(self) -> None:
        self.fields["attachments"].widget.attrs |= {"required": True}


class CaseOfLessonForm(ActForm):
    case = line(_("Number of the case"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    back = forms.BooleanField(required=False, widget=forms.HiddenInput)  # it was noted beside the case


class VoteForm(ActForm):
    helpful = forms.TypedChoiceField(
        label=_("Was this right?"), choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda said: said == "yes",
        error_messages={"required": _("Say yes or no."), "invalid_choice": _("Say yes or no.")},
    )  # fmt: skip
    case = line("", widget=forms.HiddenInput)  # it was said beside this case
