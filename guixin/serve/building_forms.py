"""Forms as an administrator builds them: for which cases, what is asked in a draft, publishing, withdrawing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.models.versions import publish_next
from guixin.organisation.pinyin import new_code
from guixin.organisation.revisions import cached_until_changed
from guixin.serve.form_events import FormChanged, FormPublished
from guixin.serve.form_fields import CannotAsk, FormField, checked, field_key
from guixin.serve.models import Case, CaseForm, CaseFormVersion, Term

DESCRIBED = ("name", "name_en", "intro", "intro_en", "kind", "category", "product", "is_public", "place")


@cached_until_changed("serving")
def forms_in_force() -> tuple[CaseFormVersion, ...]:
    """The version of each form that is asked today, in the order they are offered. Shared: nobody changes one of them."""
    wanted = CaseFormVersion.objects.filter(withdrawn_at=None, form__withdrawn_at=None)
    return tuple(wanted.select_related("form").order_by("form__place", "form_id"))


def form_in_force(code: str) -> CaseFormVersion | None:
    return next((each for each in forms_in_force() if each.form.code == code), None)


def form_for(kind: str, category: str = "", product: str = "") -> CaseFormVersion | None:
    """The form that fits such a case best: the longest category and product that cover it."""
    fitting = [each for each in forms_in_force() if each.form.fits(kind, category, product)]
    return max(
        fitting, key=lambda each: (len(each.form.category), len(each.form.product), -each.form.place), default=None
    )  # fmt: skip


@transaction.atomic
def add_form(
    *, name: str, kind: str, by: Person | None, now: datetime, code: str = "", **more: Any
) -> CaseForm:
    """A new form, not asked before its first version is published. Without a code one is made of its name."""
    values = _described({"name": name, "kind": kind, **more})

    def is_taken(made: str) -> bool:
        return CaseForm.objects.filter(code=made).exists()

    code = new_code(code, name, values.get("name_en", ""), is_taken, otherwise="form")
    if is_taken(code):
        raise CannotAsk(_("There is a form “%s” already.") % code)
    if values.get("place") is None:
        last = CaseForm.objects.order_by("-place").values_list("place", flat=True).first()
        values["place"] = (last or 0) + 10
    form = CaseForm.objects.create(code=code, **values)
    _changed(form, "added", by, now)
    return form


@transaction.atomic
def describe_form(
    form: CaseForm, changes: Mapping[str, Any], *, by: Person | None, now: datetime
) -> CaseForm:
    """Another name, other cases it is for, found by customers or not. What it asks is drafted and published."""
    form = form.held()
    values = _described({name: getattr(form, name) for name in DESCRIBED} | dict(changes))
    differing = [name for name, value in values.items() if getattr(form, name) != value]
    if differing:
        for name in differing:
            setattr(form, name, values[name])
        form.save(update_fields=differing)
        _changed(form, "described", by, now)
    return form


def _described(values: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in values.items() if name in DESCRIBED}
    known |= {name: str(known[name]).strip() for name in ("name", "name_en", "product") if name in known}
    if not known["name"]:
        raise CannotAsk(gettext_lazy("Give the form a name."))
    if known["kind"] not in Case.Kind.values:
        raise CannotAsk(_("There is no kind of case called “%s”.") % known["kind"])
    category = known.get("category", "")
    if category and not Term.objects.filter(list=Term.List.CATEGORY, code=category).exists():
        raise CannotAsk(_("There is no category called “%s”.") % category)
    return known


# -- the draft -------------------------------------------------------------------------------------------------------


def fields_to_edit(form: CaseForm) -> list[FormField]:
    """The draft, or what is asked today, which the first edit makes a draft of."""
    if form.draft is not None:
        return form.drafted
    version = form.in_force()
    return list(version.asked.values()) if version else []


@transaction.atomic
def keep_draft(
    form: CaseForm, fields: Sequence[FormField], *, by: Person | None, now: datetime, read_at: int | None = None
) -> CaseForm:  # fmt: skip
    """These fields are the draft now. `read_at`: the version of the draft they were made from."""
    form = form.held(read_at)
    form.put_draft([each.as_json() for each in checked(fields)], by=by, now=now)
    return form


def put_field(
    form: CaseForm, said: Mapping[str, Any], *, by: Person | None, now: datetime, read_at: int, key: str = ""
) -> CaseForm:
    """A field of the draft as it is now, or a new one at the end. The key of one that is there never changes."""
    there = fields_to_edit(form)
    keys = [each.key for each in there]
    made_of = key or field_key(str(said.get("label", "")), str(said.get("label_en", "")), keys)
    one = FormField.read({**said, "key": made_of})
    fields = [one if each.key == key else each for each in there] if key in keys else [*there, one]
    return keep_draft(form, fields, by=by, now=now, read_at=read_at)


def move_field(
    form: CaseForm, key: str, step: int, *, by: Person | None, now: datetime, read_at: int
) -> CaseForm:
    fields = fields_to_edit(form)
    at = next((number for number, each in enumerate(fields) if each.key == key), None)
    if at is None or not 0 <= at + step < len(fields):
        return form
    fields[at], fields[at + step] = fields[at + step], fields[at]
    return keep_draft(form, fields, by=by, now=now, read_at=read_at)


def drop_field(form: CaseForm, key: str, *, by: Person | None, now: datetime, read_at: int) -> CaseForm:
    """No longer ask it. What was answered in earlier versions stays."""
    fields = [each for each in fields_to_edit(form) if each.key != key]
    return keep_draft(form, fields, by=by, now=now, read_at=read_at)


@transaction.atomic
def discard_draft(form: CaseForm) -> None:
    form.held().drop_draft()


# -- in force --------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_form(
    form: CaseForm, *, by: Person | None, now: datetime, note: str = "", read_at: int | None = None
) -> CaseFormVersion:
    """The draft is asked from now on, as the next version."""
    form = form.held(read_at)
    if form.draft is None:
        raise CannotAsk(gettext_lazy("There is no draft to publish."))
    fields = checked(form.drafted)
    if not fields:
        raise CannotAsk(gettext_lazy("A form asks at least one thing."))
    version = publish_next(
        form.versions, by=by, now=now, fields=[each.as_json() for each in fields], note=note.strip()
    )
    form.drop_draft()
    record(
        FormPublished(
            happened_at=now, actor_id=by.pk if by else None, about=form.about, form=form.code,
            number=version.number, fields=len(fields), note=version.note,
        )
    )  # fmt: skip
    return version


@transaction.atomic
def withdraw_form(form: CaseForm, *, by: Person | None, now: datetime) -> None:
    """Offered no more; what was answered stays and can still be corrected."""
    if CaseForm.objects.filter(pk=form.pk, withdrawn_at=None).update(withdrawn_at=now):
        _changed(form, "withdrawn", by, now)


@transaction.atomic
def restore_form(form: CaseForm, *, by: Person | None, now: datetime) -> None:
    if CaseForm.objects.filter(pk=form.pk).exclude(withdrawn_at=None).update(withdrawn_at=None):
        _changed(form, "restored", by, now)


def _changed(form: CaseForm, change: str, by: Person | None, now: datetime) -> None:
    record(
        FormChanged(
            happened_at=now, actor_id=by.pk if by else None, about=form.about, form=form.code, form_change=change
        )
    )  # fmt: skip


def no_form(code: str) -> str:
    """What page and API say where no such form is offered."""
    if code:
        return _("There is no form called “%s”.") % code
    return _("No form is asked for such a case.")
