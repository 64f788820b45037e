"""Forms of requests: built by administrators, filled in on cases."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from guixin.channels.api.answers import Id, Input, ReasonGiven, Said, Text, Word
from guixin.channels.api.cases import CaseKind
from guixin.channels.api.door import Needs, by, found, must, now_of
from guixin.channels.api.finding import NotThere, case_called, form_named
from guixin.organisation.models import Scopes
from guixin.serve import building_forms, filling_in
from guixin.serve.form_fields import FormField, read_fields
from guixin.serve.models import Case, CaseForm, FilledForm

router = Router(tags=["forms"])
reading = Needs(Scopes.CASES_READ)
writing = Needs(Scopes.CASES_WRITE)
revealing = Needs(Scopes.CUSTOMERS_REVEAL)
building = Needs(Scopes.STANDARDS_WRITE, administrators=True)

FieldKind = Literal[
    "text", "long_text", "number", "date", "moment", "choice", "several", "yes_no", "product", "file"
]
Written = str | int | float | bool | list[Word] | None
AnswersGiven = dict[Word, Written]


class FieldGiven(Input):
    """One thing a form asks. `shown_if`: the key of an earlier list or yes and no; asked only if that is answered with
    one of `shown_values` (`yes` and `no` for the latter)."""

    key: Word
    label: Word
    label_en: Word = ""
    kind: FieldKind = "text"
    help: Word = ""
    help_en: Word = ""
    choices: list[Word] = Field(default=[], max_length=100)
    choices_en: list[Word] = Field(default=[], max_length=100)
    unit: Word = ""
    required: bool = False
    personal: bool = False
    shown_if: Word = ""
    shown_values: list[Word] = Field(default=[], max_length=100)


class FieldShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    key: str
    label: str
    label_en: str
    kind: str
    help: str
    help_en: str
    choices: list[str]
    choices_en: list[str]
    unit: str
    required: bool
    personal: bool
    shown_if: str
    shown_values: list[str]


class FormDescribed(Input):
    name: Said
    name_en: Word = ""
    kind: CaseKind = "service_request"
    category: Word = ""
    product: Word = ""
    intro: Text = ""
    intro_en: Text = ""
    is_public: bool = False


class FormToAdd(FormDescribed):
    code: Word = ""


class FormDraft(Input):
    fields: list[FieldGiven] = Field(max_length=60)
    draft_version: Id | None = Field(
        None, description="The one that was read; another one in between is refused."
    )


class FormNote(Input):
    note: Word = ""
    draft_version: Id | None = None


class FormShown(BaseModel):
    """`version` and `fields` are in force, empty before the first publication; `draft` is what somebody works on."""

    code: str
    name: str
    name_en: str
    kind: str
    category: str
    product: str
    intro: str
    intro_en: str
    is_public: bool
    version: int | None
    fields: list[FieldShown]
    draft: list[FieldShown] | None
    draft_version: int
    withdrawn: bool


class FormsShown(BaseModel):
    forms: list[FormShown]


class FormAnswerShown(BaseModel):
    """`value` is empty where a personal answer is masked; `files` are ids of attachments."""

    key: str
    label: str
    shown: str
    value: Any
    is_masked: bool
    files: list[str]


class FilledFormShown(BaseModel):
    """`number` counts the changes; it is what `read_at` must name to change it again."""

    form: str
    version: int
    number: int
    at: datetime
    by: str
    answers: list[FormAnswerShown]


class FormOfCase(BaseModel):
    """What stands in the form, what stood there before, and the form such a case is asked (its code)."""

    filled: FilledFormShown | None
    before: list[FilledFormShown]
    asked: str | None


class FormFilledGiven(Input):
    """`answers` by key; what is not mentioned stays. `form`: which one, if none was filled in and not the usual one."""

    answers: AnswersGiven = Field(max_length=60)
    read_at: int = Field(
        0, ge=0, le=32_767, description="The number that was read; 0 if nothing stood there."
    )
    form: Word = ""


def _called(code: str) -> CaseForm:
    return found(CaseForm.objects.filter(code=code).first())


def _fields(fields: list[FormField]) -> list[dict]:
    return [FieldShown.model_validate(each).model_dump() for each in fields]


def _form(form: CaseForm) -> dict[str, Any]:
    version = form.in_force()
    names = ("code", "name", "name_en", "kind", "category", "product", "intro", "intro_en", "is_public")
    return {name: getattr(form, name) for name in names} | {
        "version": version.number if version else None,
        "fields": _fields(list(version.asked.values())) if version else [],
        "draft": _fields(form.drafted) if form.draft is not None else None,
        "draft_version": form.draft_version,
        "withdrawn": form.withdrawn_at is not None,
    }


@router.get("/forms", auth=reading, response=FormsShown, summary="The forms of requests")
def listed(request: HttpRequest):
    return {"forms": [_form(each) for each in CaseForm.objects.order_by("place", "pk")]}


@router.post("/forms", auth=building, response={201: FormShown}, summary="Add a form")
def add(request: HttpRequest, given: FormToAdd):
    form = building_forms.add_form(**given.model_dump(), by=by(request), now=now_of(request))
    return Status(201, _form(form))


@router.get("/forms/{code}", auth=reading, response=FormShown, summary="A form")
def one(request: HttpRequest, code: str):
    return _form(_called(code))


@router.put("/forms/{code}", auth=building, response=FormShown, summary="Describe a form anew")
def describe(request: HttpRequest, code: str, given: FormDescribed):
    form = building_forms.describe_form(
        _called(code), given.model_dump(), by=by(request), now=now_of(request)
    )
    return _form(form)


@router.put("/forms/{code}/draft", auth=building, response=FormShown, summary="Draft what a form asks")
def draft(request: HttpRequest, code: str, given: FormDraft):
    fields = read_fields([each.model_dump() for each in given.fields])
    form = building_forms.keep_draft(
        _called(code), fields, by=by(request), now=now_of(request), read_at=given.draft_version
    )
    return _form(form)


@router.post("/forms/{code}/publication", auth=building, response=FormShown, summary="Publish the draft")
def publish(request: HttpRequest, code: str, given: FormNote):
    form = _called(code)
    building_forms.publish_form(
        form, by=by(request), now=now_of(request), note=given.note, read_at=given.draft_version
    )
    return _form(_called(code))


@router.put("/forms/{code}/withdrawal", auth=building, response=FormShown, summary="Offer a form no more")
def withdraw(request: HttpRequest, code: str):
    building_forms.withdraw_form(_called(code), by=by(request), now=now_of(request))
    return _form(_called(code))


@router.delete("/forms/{code}/withdrawal", auth=building, response=FormShown, summary="Offer it again")
def restore(request: HttpRequest, code: str):
    building_forms.restore_form(_called(code), by=by(request), now=now_of(request))
    return _form(_called(code))


def filled_shown(filled: FilledForm, shown: filling_in.ShownForm) -> dict[str, Any]:
    return {
        "form": shown.code,
        "version": shown.version,
        "number": shown.number,
        "at": shown.at,
        "by": shown.by,
        "answers": [
            {
                "key": each.key,
                "label": each.label,
                "shown": each.shown,
                "value": None if each.is_masked else filled.answers.get(each.key),
                "is_masked": each.is_masked,
                "files": [str(file.pk) for file in each.files],
            }
            for each in shown.answers
        ],
    }


def _of_case(case: Case) -> dict[str, Any]:
    rows = list(
        FilledForm.objects.filter(case=case).select_related("version__form", "by").order_by("-number")[:50]
    )
    now = next((each for each in rows if each.is_current), None)
    asked = None if now else filling_in.form_to_fill_in(case)
    return {
        "filled": filled_shown(now, filling_in.shown_form(now)) if now else None,
        "before": [filled_shown(each, filling_in.shown_form(each)) for each in rows if not each.is_current],
        "asked": asked.form.code if asked else None,
    }


@router.get("/cases/{number}/form", auth=reading, response=FormOfCase, summary="The form of a case")
def of_case(request: HttpRequest, number: str):
    return _of_case(case_called(request, number))


@router.put("/cases/{number}/form", auth=writing, response=FormOfCase, summary="Fill in the form of a case")
def fill_in(request: HttpRequest, number: str, given: FormFilledGiven):
    case = case_called(request, number)
    must(filling_in.may_fill_in(case, by(request)))
    version = form_named(given.form) if given.form else filling_in.form_to_fill_in(case)
    there = filling_in.current_form(case)
    asked = there.version if there else version
    if asked is None:
        raise NotThere(building_forms.no_form(given.form))
    filling_in.fill_in(case, asked, given.answers, by=by(request), now=now_of(request), read_at=given.read_at)
    return _of_case(case)


@router.post(
    "/cases/{number}/form/reveal",
    auth=revealing,
    response=FilledFormShown,
    summary="Personal answers in full",
)
def reveal(request: HttpRequest, number: str, given: ReasonGiven):
    filled = found(filling_in.current_form(case_called(request, number)))
    shown = filling_in.reveal_form(filled, by=by(request), reason=given.reason, now=now_of(request))
    return filled_shown(filled, shown)
