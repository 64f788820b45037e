"""The forms of price studies: a study, one answer, one sale."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField
from guixin.desks.forms.base import line as one_line  # a study has a field called line
from guixin.organisation.models import Person
from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import Customer, PriceStudy, Segment
from guixin.understand.price_questions import LIKELIHOODS, LIKELY, PRICES, QUESTIONS, WORDS
from guixin.understand.pricing import LONGEST_NAME, LONGEST_QUESTION
from guixin.understand.taking_in_prices import customers_by_identity
from guixin.web import money

LANGUAGES = {"zh": _("in Chinese"), "en": _("in English")}


def day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **{"required": False, **kwargs}
    )  # fmt: skip


class SegmentField(forms.ChoiceField):
    """One of the published segments this person may see, or none."""

    def clean(self, value: Any) -> Segment | None:
        code = super().clean(value)
        return Segment.objects.get(code=code) if code else None


class StudyForm(ActForm):
    """`noun`: the study, or none for a new one. `person` decides which segments are offered."""

    name = one_line(_("Name of the study"), required=True, max_length=LONGEST_NAME)
    name_en = one_line(_("English name"), max_length=LONGEST_NAME)
    product = one_line(_("Product as customers are told it"), max_length=100)
    line = one_line(_("Product line"))
    currency = one_line(
        _("Currency"), max_length=8, help_text=_("Three letters, such as CNY. Prices are not converted.")
    )
    segment = SegmentField(label=_("Segment asked"), required=False)
    market = forms.ChoiceField(
        label=_("Market asked"), required=False, choices=[("", _("every market")), *Customer.Market.choices]
    )
    owner = PersonField(label=_("Who answers for it"))
    begins_on = day(_("Begins on"))
    ends_on = day(_("Ends on"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any):
        self.person = person
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        segments = Segment.objects.visible_to(self.person).filter(withdrawn_at=None).order_by("priority")
        choices = [("", _("everybody")), *segments.values_list("code", "name")]
        for name in QUESTIONS:
            for language, words in LANGUAGES.items():
                self.fields[f"{name}_{language}"] = one_line(
                    f"{WORDS[name]}, {words}", max_length=LONGEST_QUESTION
                )
        if self.noun is None:
            self.initial = {"currency": money.firm_currency(), "owner": str(self.person.pk), **self.initial}
        else:
            self.initial = self._as_it_is(self.noun)
            if self.noun.segment and self.noun.segment.code not in dict(choices):
                choices.append((self.noun.segment.code, self.noun.segment.name))
            owner = self.fields["owner"]
            if isinstance(owner, forms.ChoiceField) and self.initial["owner"] not in dict(owner.choices):  # type: ignore[arg-type]  # a list of pairs
                owner.choices = [*owner.choices, (self.initial["owner"], self.noun.owner.name)]  # type: ignore[misc]
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ChoiceField)
        segment.choices = choices

    def _as_it_is(self, study: PriceStudy) -> dict[str, Any]:
        plain = ("name", "name_en", "product", "line", "currency", "market", "begins_on", "ends_on")
        return (
            {name: getattr(study, name) for name in plain}
            | {"owner": str(study.owner_id), "segment": study.segment.code if study.segment else ""}
            | {
                f"{name}_{language}": study.wording.get(name, {}).get(language, "")
                for name in QUESTIONS
                for language in LANGUAGES
            }
        )

    @property
    def about(self) -> list[forms.BoundField]:
        """What is not a question."""
        asked = {f"{name}_{language}" for name in QUESTIONS for language in LANGUAGES}
        return [field for field in self if field.name not in asked]

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[f"{name}_{language}"] for name in QUESTIONS for language in LANGUAGES]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wording = {
            name: {language: said.pop(f"{name}_{language}", "") for language in LANGUAGES}
            for name in QUESTIONS
        }
        return said | {"wording": wording}


class AnswerForm(forms.Form):
    """Four prices in the study's currency, and perhaps how likely and who. Made to be typed: Tab, Tab, Enter."""

    def __init__(self, *args: Any, study: PriceStudy, person: Person, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", "auto_id": "answer-%s", **kwargs})
        self.study, self.person = study, person
        for name in PRICES:
            self.fields[name] = one_line(
                WORDS[name],
                required=True,
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        likely = [("", _("not asked")), *LIKELY.items()]
        for name in LIKELIHOODS:
            self.fields[name] = forms.ChoiceField(label=WORDS[name], choices=likely, required=False)
        self.fields["who"] = one_line(
            _("Who answered"), help_text=_("Phone, e-mail or customer number; blank: without a name."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )  # fmt: skip
        self.fields["answered_on"] = day(_("Answered on"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in PRICES:
            if name in said:
                try:
                    said[name] = money.minor_units(money.number(said[name]), self.study.currency)
                except money.NotMoney as why:
                    self.add_error(name, str(why))
        for name in LIKELIHOODS:
            said[name] = int(said[name]) if said.get(name) else None
        said["customer_id"] = self._who(said.get("who", "").strip())
        return said

    def _who(self, typed: str) -> int | None:
        """Exactly one customer this person may see; "#12" is the number on their page."""
        if not typed:
            return None
        if typed.startswith("#") and typed[1:].isdecimal() and len(typed) < 19:
            found = set(
                Customer.objects.visible_to(self.person)
                .filter(pk=int(typed[1:]), merged_into=None)
                .values_list("pk", flat=True)
            )
        else:
            kinds = (IdentityKind.PHONE, IdentityKind.EMAIL, IdentityKind.OTHER)
            by_identity = customers_by_identity(
                {(kind, normalise(kind, typed)) for kind in kinds}, self.person
            )
            found = set().union(*by_identity.values()) if by_identity else set()
        if len(found) == 1:
            return found.pop()
        self.add_error(
            "who",
            gettext(
                "Several customers are known by this; write the number on the customer's page, such as #12."
            )
            if found
            else gettext("Nobody is known by this. Leave it blank, or take the customer in first."),
        )
        return None


class SoldForm(forms.Form):
    price = one_line(
        _("Price"), required=True, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    quantity = one_line(
        _("Quantity sold"),
        required=True,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    seen_on = day(_("Sold on"), required=True)
    place = one_line(_("Where"), max_length=80, help_text=_("Tells two rows of a day apart."))

    def __init__(self, *args: Any, study: PriceStudy, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", "auto_id": "sold-%s", **kwargs})
        self.study = study

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in ("price", "quantity"):
            if name in said:
                try:
                    value = money.number(said[name])
                    said[name] = money.minor_units(value, self.study.currency) if name == "price" else value
                except money.NotMoney as why:
                    self.add_error(name, str(why))
        return said
