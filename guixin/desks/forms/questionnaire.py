"""A questionnaire and its questions, as somebody builds them."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.listen.building import LONGEST_NAME
from guixin.listen.library import library
from guixin.listen.questions import CHOICE, COUNTED, PRICES, RANKING, READINGS, SCALE, TEXT, Asked, Sheet
from guixin.organisation.models import Department
from guixin.promise.models import StandardVersion
from guixin.promise.moments import moments_in_force
from guixin.understand.models import PriceStudy
from guixin.web.languages import for_reader

_HOURS = re.compile(r"[1-9][0-9]{0,3}")
BETWEEN = "|"  # the Chinese word and the English one of a list, on one line


class QuestionnaireForm(ActForm):
    """`noun`: the questionnaire, or none for a new one. `person`: who answers for it unless somebody else is chosen."""

    begin_from = forms.ChoiceField(label=_("Begin from"), required=False)
    name = line(pgettext_lazy("of a thing", "Name"), required=True, max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    intro = text(_("What whoever answers reads first"), rows=2)
    intro_en = text(_("The same in English"), rows=2)
    owner = PersonField(label=_("Who answers for it"))

    def __init__(self, *args: Any, person: Any, begin_from: str = "", **kwargs: Any):
        self.person, self.begun = person, begin_from
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.noun is not None:
            del self.fields["begin_from"]
            self.initial = {name: getattr(self.noun, name) for name in self.fields}
            self.initial["owner"] = self.noun.owner_id
            return
        language = get_language() or "zh-hans"
        offered = [(code, each.shown_name(language)) for code, each in library().items()]
        self.fields["begin_from"].choices = [("", _("an empty sheet")), *offered]  # type: ignore[attr-defined]
        ready = library().get(self.begun)
        self.initial = {"owner": self.person.pk, "begin_from": self.begun if ready else ""}
        if ready:
            self.initial |= {name: getattr(ready, name) for name in ("name", "name_en", "intro", "intro_en")}


_ASKED = ("label", "label_en")
_ANSWERED: dict[str, tuple[str, ...]] = {
    SCALE: (
        "reads_as", "low", "high", "low_words", "low_words_en", "high_words", "high_words_en", "opens_at", "pair",
    ),
    CHOICE: ("choices", "standard"),
    RANKING: ("choices",),
    PRICES: ("study",),
    TEXT: (),
}  # fmt: skip
_ABOUT: dict[str, tuple[str, ...]] = {
    SCALE: ("dimension", "dimension_en", "importance_of", "moment", "department"),
    CHOICE: ("moment", "department"),
    RANKING: ("moment", "department"),
    PRICES: (),
    TEXT: ("moment", "department"),
}
_PLACED = ("heading", "heading_en", "required", "shown_if", "shown_values")
# What each kind is good for, to choose by before its form is shown.
GOOD_FOR: dict[str, Any] = {
    SCALE: _("How satisfied, how likely to recommend, how easy. Means, intervals and the short plank come from these."),
    CHOICE: _("One word of a list. Counted, and what comes next can depend on it."),
    RANKING: _("What matters most, second, third. Each word gets its mean place."),
    PRICES: _("From when on it is too cheap, cheap, expensive, too expensive. Goes into a price study."),
    TEXT: _("What you did not think of. Read one by one."),
}  # fmt: skip


class QuestionForm(forms.Form):
    """One question of a draft, with the fields of its kind alone; those before it are what it may depend on. The kind is chosen
    before; it stays. What a firm file said beyond these fields stays too."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput)
    label = line(
        _("Words of the question"), required=True,
        help_text=_("It may speak of an earlier answer: write its code in braces."),
    )  # fmt: skip
    label_en = line(_("The same in English"))
    reads_as = forms.ChoiceField(
        label=_("How a scale is read"),
        choices=[(code, words) for code, (words, _low, _high) in READINGS.items()],
    )
    low = forms.IntegerField(
        label=_("Lowest point"), min_value=0, max_value=10, required=False,
        help_text=_("Blank: as usual for how it is read."),
    )  # fmt: skip
    high = forms.IntegerField(label=_("Highest point"), min_value=0, max_value=10, required=False)
    low_words = line(_("What the lowest point means"))
    low_words_en = line(_("The lowest point in English"))
    high_words = line(_("What the highest point means"))
    high_words_en = line(_("The highest point in English"))
    opens_at = forms.IntegerField(
        label=_("Opens a case at this point or lower"), min_value=0, max_value=9, required=False,
        help_text=_("The case the answer is about, again; or a new one. Blank: never."),
    )  # fmt: skip
    pair = forms.BooleanField(
        label=_("Ask the expectation beside it (perceived less expected)"), required=False
    )
    choices = text(
        _("Words to choose from"),
        rows=4,
        help_text=_("One on each line; after a “|” the English one."),
    )
    standard = forms.ChoiceField(
        label=_("Asks within how long this standard is expected to be kept"), required=False,
        help_text=_("Then each line ends with “|” and the hours its word means: “within a day | 24”. For the five gaps."),
    )  # fmt: skip
    study = forms.ChoiceField(label=_("Price study the four prices go to"), required=False)
    dimension = line(
        _("What it measures together with others"),
        help_text=_("A dimension, such as reliability. Blank: it stands alone."),
    )
    dimension_en = line(_("The same in English"))
    importance_of = forms.ChoiceField(
        label=_("Asks how important this is"), required=False,
        help_text=_("For the short plank; without, importance is worked out from the answers."),
    )  # fmt: skip
    moment = forms.ChoiceField(
        label=_("Moment of truth it is about"), required=False,
        help_text=_("Its standards tell whether we did what we promised, and which department answers for it."),
    )  # fmt: skip
    department = forms.ChoiceField(
        label=_("Department that answers for it"), required=False,
        help_text=_("Blank: those that own the standards of the moment."),
    )  # fmt: skip
    heading = line(
        _("Heading above it"), help_text=_("Questions in a row under the same heading stand together.")
    )
    heading_en = line(_("The heading in English"))
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    shown_if = forms.ChoiceField(label=_("Asked only if"), required=False)
    shown_values = forms.MultipleChoiceField(
        label=_("is answered with"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, sheet: Sheet, kind: str, one: Asked | None = None, draft_version: int, **kwargs: Any
    ):  # fmt: skip
        self.kind, self.one = kind, one
        super().__init__(*args, **{"label_suffix": "", "auto_id": "question-%s", **kwargs})
        language = get_language() or "zh-hans"
        at = len(sheet.questions) if one is None else sheet.questions.index(one)
        deciding = [each for each in sheet.questions[:at] if each.kind in COUNTED and not each.expectation_of]
        self.fields["shown_if"].choices = [  # type: ignore[attr-defined]
            ("", _("Always")), *((each.code, each.shown_label(language)) for each in deciding)
        ]  # fmt: skip
        self.fields["shown_values"].choices = [  # type: ignore[attr-defined]
            (f"{each.code}={value}", f"{each.shown_label(language)}：{words}")
            for each in deciding
            for value, words in each.shown_choices(language)
        ]
        standards = {
            each.standard.code: each.standard.shown_name(language)
            for each in StandardVersion.objects.filter(withdrawn_at=None)
            .select_related("standard")
            .order_by("standard__name")
        }
        studies = [
            (each.code, each.shown_name(language)) for each in PriceStudy.objects.filter(closed_at=None)
        ]
        self.fields["study"].choices = [("", "–"), *studies]  # type: ignore[attr-defined]
        if one and one.study and one.study not in dict(studies):
            self.fields["study"].choices.append((one.study, one.study))  # type: ignore[attr-defined]
        scales = [
            each for each in sheet.questions if each.kind == SCALE and not each.is_beside and each != one
        ]
        self.fields["importance_of"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((each.code, each.shown_label(language)) for each in scales)
        ]  # fmt: skip
        moments = {each.key: for_reader(each.name, language, each.name_en) for each in moments_in_force()}
        departments = {each.code: each.shown_name(language) for each in Department.objects.active()}
        for name, offered in (("moment", moments), ("department", departments), ("standard", standards)):
            if one and (there := getattr(one, name)):
                offered.setdefault(there, there)  # one that is gone stays until somebody chooses another
            self.fields[name].choices = [("", "–"), *offered.items()]  # type: ignore[attr-defined]
        self.initial = {"draft_version": draft_version, "reads_as": "mean"}
        if one:
            self.initial |= {name: getattr(one, name) for name in self.fields if hasattr(one, name)}
            english = one.choices_en or ("",) * len(one.choices)
            hours = one.choice_hours or ("",) * len(one.choices)
            self.initial["choices"] = "\n".join(
                f" {BETWEEN} ".join(str(each) for each in (word, en, hour) if each)
                for word, en, hour in zip(one.choices, english, hours, strict=True)
            )
            self.initial["shown_values"] = [f"{one.shown_if}={each}" for each in one.shown_values]
            self.initial["pair"] = any(each.expectation_of == one.code for each in sheet.questions)
        if not deciding:
            del self.fields["shown_if"], self.fields["shown_values"]
        shown = {"draft_version", *_ASKED, *_ANSWERED[kind], *_ABOUT[kind], *_PLACED}
        for name in set(self.fields) - shown:
            del self.fields[name]

    @property
    def asked(self) -> list[forms.BoundField]:
        return self._some((*_ASKED, *_ANSWERED[self.kind]))

    @property
    def about(self) -> list[forms.BoundField]:
        return self._some(_ABOUT[self.kind])

    @property
    def placed(self) -> list[forms.BoundField]:
        return self._some(_PLACED)

    def _some(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def says_what_about(self) -> bool:
        """Whether that part has something to read or to repair, so that it stands open."""
        return any(each.errors or each.value() for each in self.about)

    @property
    def says_where(self) -> bool:
        return any(each.errors or each.value() for each in self.placed)

    def question(self) -> dict[str, Any]:
        """As `Asked.read` takes it."""
        beside = {"draft_version", "pair"}
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in beside and value not in (None, "")
        }
        kept = self.one.as_json() if self.one else {}
        said = {name: value for name, value in kept.items() if name not in self.fields} | said
        said["kind"] = self.kind
        if "choices" in self.fields:
            written = [each.split(BETWEEN) for each in said.pop("choices", "").splitlines() if each.strip()]
            if "standard" in self.fields:
                said.pop("choice_hours", None)
            if "standard" in said:
                hours = [line.pop().strip() if len(line) > 1 else "" for line in written]
                said["choice_hours"] = [int(each) if _HOURS.fullmatch(each) else 0 for each in hours]
            said["choices"] = [line[0] for line in written]
            said["choices_en"] = [BETWEEN.join(line[1:]) for line in written if len(line) > 1]
        wanted = said.get("shown_if", "")
        said["shown_values"] = [
            value
            for code, _is, value in (
                each.partition("=") for each in self.cleaned_data.get("shown_values", ())
            )
            if code == wanted
        ]
        return said
