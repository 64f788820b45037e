"""A form filled in on a case: understood in words, kept with the version it answers, changed without overwriting, shown
with what is personal masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import attaching, intake
from guixin.serve.building_forms import form_for
from guixin.serve.form_events import FormFilledIn, FormRevealed
from guixin.serve.form_fields import FILE, PRODUCT, FormField, is_asked
from guixin.serve.handling import may_handle
from guixin.serve.models import Attachment, Case, CaseFormVersion, FilledForm, Task
from guixin.serve.permitting import may_serve
from guixin.serve.routing import locked_open
from guixin.understand.masking import mask_id
from guixin.understand.models import Product
from guixin.understand.models.customer import CannotReveal
from guixin.understand.models.product import product_key
from guixin.web import typed_values
from guixin.web.refusals import Refused
from guixin.web.typed_values import NotUnderstood, ValueKind, understood

SHORTEST_REASON, LONGEST_REASON = 4, 500


class CannotFillIn(Refused):
    """What was written does not fit the form. `errors` has a sentence for each field in the way, by its key."""

    about_input = True

    def __init__(self, sentence: str, errors: Mapping[str, str] | None = None):
        super().__init__(sentence)
        self.errors = dict(errors or {})


class FilledInMeanwhile(Refused):
    """Somebody else changed what stands in the form since it was read. `current` is what stands there now."""

    def __init__(self, current: FilledForm):
        super().__init__(_("Somebody changed this form while you were filling it in."))
        self.current = current


def may_fill_in(case: Case, person: Person) -> bool:
    """Whoever may serve the case, and the departments at work on it: who is at the customer's writes what they found."""
    if may_serve(case, person):
        return True
    return any(may_handle(task, person) for task in Task.objects.filter(case=case).open())


def read_answers(
    version: CaseFormVersion, said: Mapping[str, Any], *, before: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[str]] | None = None, uploads: Mapping[str, int] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The answers as they are kept, from what was written by key; None and blank for nothing.

    before    what stands there: a field that is not mentioned keeps its answer
    files     ids of attachments that answer a field, beside those there are
    uploads   how many files are about to be attached for a field, which answer it as well

    A field that these answers make no question is left out, whatever was written. Raises CannotFillIn.
    """
    asked, language = version.asked, get_language() or "zh-hans"
    if unknown := sorted(set(said) - set(asked)):
        raise CannotFillIn(_("The form has no field “%s”.") % unknown[0])
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for key, one in asked.items():
        if not is_asked(one, asked, answers):
            continue
        had = (before or {}).get(key)
        if one.kind == FILE:
            value = [*(had or ()), *(files or {}).get(key, ())] or None
        else:
            try:
                value = _kept(one, said[key], language) if key in said else had
            except NotUnderstood as why:
                errors[key] = str(why)
                continue
        if value is not None:
            answers[key] = value
        elif one.required and not (uploads or {}).get(key):
            errors[key] = _("%(name)s: please fill this in.") % {"name": one.shown_label(language)}
    if errors:
        raise CannotFillIn(" ".join(errors.values()), errors)
    return answers


def _kept(one: FormField, written: Any, language: str) -> Any:
    """As JSON keeps it."""
    value = understood(one.asked(language), written)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    if one.kind == PRODUCT and value is not None:
        known = (
            Product.objects.filter(key=product_key(value)).first()
            or Product.objects.filter(name=value).first()
        )
        return known.code if known else value  # customers do not know our codes; their word is kept
    return value


def value_of(one: FormField, kept: Any) -> Any:
    """What JSON keeps, as a value again."""
    if kept is None:
        return None
    if one.kind == ValueKind.NUMBER:
        return Decimal(kept)
    if one.kind == ValueKind.DATE:
        return date.fromisoformat(kept)
    return datetime.fromisoformat(kept) if one.kind == ValueKind.MOMENT else kept


def current_form(case: Case) -> FilledForm | None:
    """What stands in the form of this case, if any was filled in."""
    return FilledForm.objects.filter(case=case, is_current=True).select_related("version__form").first()


def form_to_fill_in(case: Case) -> CaseFormVersion | None:
    """The form such a case is asked, where none was filled in."""
    return form_for(case.kind, case.category, case.product)


@transaction.atomic
def fill_in(
    case: Case, version: CaseFormVersion, said: Mapping[str, Any], *, by: Person | None, now: datetime,
    read_at: int = 0, uploads: Mapping[str, Sequence[attaching.Kept]] | None = None,
) -> FilledForm:  # fmt: skip
    """Write the answers down, or change them. Returns what stands there now; nothing is written if nothing changed.

    version   the one that is asked; a form that was filled in keeps the version it answers
    read_at   the number of what was read, 0 if nothing stood there. Raises FilledInMeanwhile if it moved since
    uploads   files laid in the store for the fields that ask for them; they are attached to the case
    by        nobody: the customer
    """
    case = locked_open(case)
    there = current_form(case)
    if there and there.number != read_at:
        raise FilledInMeanwhile(there)
    version, before = (there.version, there.answers) if there else (version, {})
    kept = {key: list(files) for key, files in (uploads or {}).items() if files}
    counts = {key: len(files) for key, files in kept.items()}
    answers = read_answers(version, said, before=before, uploads=counts)
    asked = version.asked
    for key, files in kept.items():
        if key in asked and is_asked(asked[key], asked, answers):
            attached = attaching.attach(files, case=case, by=by, from_customer=by is None, now=now)
            answers[key] = [*answers.get(key, ()), *(str(each.pk) for each in attached)]
    changed = sorted(key for key in {*before, *answers} if before.get(key) != answers.get(key))
    if there and not changed:
        return there
    if there:
        FilledForm.objects.filter(pk=there.pk).update(is_current=False)
    filled = FilledForm.objects.create(
        case=case, version=version, number=there.number + 1 if there else 1, answers=answers, at=now, by=by
    )
    record(
        FormFilledIn(
            happened_at=now, actor_id=by.pk if by else None, about=case.about, case_id=case.pk,
            form=version.form.code, version=version.number, number=filled.number, changed=changed,
        )
    )  # fmt: skip
    return filled


@transaction.atomic
def open_with_form(
    arrival: intake.Arrival, version: CaseFormVersion, said: Mapping[str, Any], *, now: datetime,
    by: Person | None = None, from_customer: bool = False,
    uploads: Mapping[str, Sequence[attaching.Kept]] | None = None,
) -> Case:  # fmt: skip
    """Take in a case together with its form; what the form lacks is said before anything is opened."""
    counts = {key: len(files) for key, files in (uploads or {}).items()}
    read_answers(version, said, uploads=counts)
    case = intake.open_case(arrival, now=now, by=by)
    fill_in(case, version, said, by=None if from_customer else by, now=now, uploads=uploads)
    return case


# -- shown -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownAnswer:
    """One answer as a page, a paper or a file may carry it."""

    key: str
    label: str
    shown: str
    is_masked: bool = False
    is_long: bool = False
    files: Sequence[Attachment] = ()


@dataclass(frozen=True)
class ShownForm:
    """The form of a case, filled in."""

    name: str
    code: str
    version: int
    number: int
    at: datetime
    by: str
    answers: Sequence[ShownAnswer]
    has_masked: bool = False
    revealed: bool = False


def shown_form(
    filled: FilledForm, *, revealed: bool = False, attachments: Sequence[Attachment] | None = None
) -> ShownForm:
    """In the order of the form, in the reader's language; what is personal masked unless it is revealed.

    attachments   those of the case, where they are known already; else they are asked for if a field names any
    """
    language = get_language() or "zh-hans"
    asked = filled.version.asked
    wanted = {pk for key, one in asked.items() if one.kind == FILE for pk in filled.answers.get(key, ())}
    if attachments is None and wanted:
        attachments = list(Attachment.objects.filter(case_id=filled.case_id, pk__in=wanted))
    known = {str(each.pk): each for each in attachments or ()}
    shown = []
    for key, one in asked.items():
        if key not in filled.answers:
            continue
        kept, masked = filled.answers[key], one.personal and not revealed
        files = [known[pk] for pk in kept if pk in known] if one.kind == FILE else []
        words = "" if one.kind == FILE else answer_in_words(one, kept, language, masked=masked)
        shown.append(
            ShownAnswer(key, one.shown_label(language), words, masked, one.kind == ValueKind.LONG_TEXT, files)
        )
    form = filled.version.form
    return ShownForm(
        form.shown_name(language), form.code, filled.version.number, filled.number, filled.at,
        filled.by.name if filled.by else "", shown, any(each.is_masked for each in shown), revealed,
    )  # fmt: skip


def answer_in_words(one: FormField, kept: Any, language: str, *, masked: bool = False) -> str:
    if kept is None:
        return ""
    if masked:
        return mask_id(kept) if isinstance(kept, str) and one.kind in (ValueKind.TEXT, PRODUCT) else "****"
    if one.choices:
        words = dict(one.shown_choices(language))
        kept = [words.get(each, each) for each in kept] if isinstance(kept, list) else words.get(kept, kept)
        return typed_values.in_words(kept)
    return typed_values.in_words(value_of(one, kept), one.unit)


@transaction.atomic
def reveal_form(filled: FilledForm, *, by: Person, reason: str, now: datetime) -> ShownForm:
    """The personal answers, for somebody who said why. Every look is in the ledger. Raises CannotReveal."""
    reason = " ".join((reason or "").split())
    if len(reason) < SHORTEST_REASON:
        raise CannotReveal(_("Say why you need it, in at least four characters."))
    record(
        FormRevealed(
            happened_at=now, actor_id=by.pk, about=filled.case.about, case_id=filled.case_id,
            form=filled.version.form.code, reason=reason[:LONGEST_REASON],
        )
    )  # fmt: skip
    return shown_form(filled, revealed=True)
