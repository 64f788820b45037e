"""Filling a template for one case, and changing templates without losing what was in force before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.pinyin import spell
from guixin.promise.filling import Filled, fill_in, gaps_of
from guixin.promise.models import Clock
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import events
from guixin.serve.models import Case, Template, Term
from guixin.serve.telling import shown
from guixin.understand.addressing import salutation
from guixin.web.refusals import Refused


class MissingValue(Refused):
    """The words still have a gap that nothing can fill."""

    about_input = True


class CannotKeepTemplate(Refused):
    """The template cannot be kept like this, and why."""

    about_input = True


@dataclass(frozen=True)
class Placeholder:
    """`value` is worked out in the customer's language; an empty one is missing."""

    words: Any
    value: Callable[[Case, Person, datetime], str]


def _due(case: Case, by: Person, now: datetime) -> str:
    """The next moment promised to the customer that has not passed."""
    promised = Clock.objects.of("case", case.pk).open().filter(measure__in=TO_CUSTOMER, due_at__gt=now)
    return shown(promised.order_by("due_at").values_list("due_at", flat=True).first())


def _today(case: Case, by: Person, now: datetime) -> str:
    return date_format(timezone.localtime(now), "DATE_FORMAT")


PLACEHOLDERS: dict[str, Placeholder] = {
    "customer": Placeholder(gettext_lazy("how the customer is addressed"), lambda c, by, now: salutation(c.customer)),
    "number": Placeholder(gettext_lazy("number of the case"), lambda c, by, now: c.number),
    "subject": Placeholder(gettext_lazy("what it is about"), lambda c, by, now: c.subject),
    "product": Placeholder(gettext_lazy("product"), lambda c, by, now: c.product),
    "owner": Placeholder(gettext_lazy("name of the owner"), lambda c, by, now: c.owner.name),
    "me": Placeholder(gettext_lazy("name of whoever sends it"), lambda c, by, now: by.name),
    "department": Placeholder(
        gettext_lazy("department that has the case"),
        lambda c, by, now: c.department.shown_name(translation.get_language() or ""),
    ),
    "due": Placeholder(gettext_lazy("next moment promised to the customer"), _due),
    "link": Placeholder(gettext_lazy("the customer's own page"), lambda c, by, now: c.tracking_link()),
    "today": Placeholder(gettext_lazy("today's date"), _today),
}  # fmt: skip


def fill(body: str, case: Case, *, by: Person, now: datetime, known: dict[str, str] | None = None) -> Filled:
    """The words with what is known of this case. `known` remembers values between templates of one case."""
    known = {} if known is None else known

    def value(name: str) -> str:
        if name not in known:
            known[name] = PLACEHOLDERS[name].value(case, by, now) if name in PLACEHOLDERS else ""
        return known[name]

    with translation.override(case.language):
        return fill_in(body, value)


def filled(body: str, case: Case, *, by: Person, now: datetime) -> str:
    """The words to be sent. Refused while one of them is missing."""
    done = fill(body, case, by=by, now=now)
    if done.missing:
        name = done.missing[0]
        if name not in PLACEHOLDERS:
            raise MissingValue(
                _("“%s” is not something we can fill in; write it out or delete it.") % f"{{{name}}}"
            )
        words = {"name": f"{{{name}}}", "words": PLACEHOLDERS[name].words}
        raise MissingValue(
            _("This case has no value for %(name)s (%(words)s); write it out or delete it.") % words
        )
    return done.body


def of(person: Person) -> list[Template]:
    """What this person may use, in the order of their shortcuts."""
    found = (
        Template.objects.in_force().visible_to(person).select_related("at_fault", "task_for", "department")
    )
    return sorted(found, key=lambda each: (not each.shortcut, each.shortcut, each.name))


WORDS = (
    "name", "name_en", "shortcut", "kind", "body", "body_en", "department", "settles", "at_fault", "quality_point",
    "cause", "task_for", "instruction", "opens_next",
)  # fmt: skip


@transaction.atomic
def publish(code: str, values: Mapping[str, Any], *, now: datetime, by: Person | None = None) -> Template:
    """Put these words in force under `code`; the version before stays as it was sent. The same again changes nothing."""
    values = {name: values[name] for name in WORDS if name in values}
    before = Template.objects.select_for_update(of=("self",)).in_force().filter(code=code).first()
    if before and all(getattr(before, name) == value for name, value in values.items()):
        return before
    last = Template.objects.filter(code=code).order_by("-number").first()
    _check(code, values, last)
    if before:
        Template.objects.filter(pk=before.pk).update(withdrawn_at=now)
    kept = {name: getattr(last, name) for name in WORDS} if last else {}
    published = Template.objects.create(
        code=code, number=last.number + 1 if last else 1, published_at=now, **(kept | values)
    )
    record(events.TemplatePublished(**_facts(published, now, by)))
    return published


@transaction.atomic
def withdraw(template: Template, *, now: datetime, by: Person | None = None) -> None:
    """Nobody is offered it any more. What was sent with it stays explained."""
    if Template.objects.filter(pk=template.pk, withdrawn_at=None).update(withdrawn_at=now):
        record(events.TemplateWithdrawn(**_facts(template, now, by)))


def _facts(template: Template, now: datetime, by: Person | None) -> dict[str, Any]:
    return {
        "happened_at": now,
        "actor_id": by.pk if by else None,
        "about": ("template", template.pk),
        "code": template.code,
        "number": template.number,
        "name": template.name,
    }


def code_for(name: str, name_en: str) -> str:
    """A code nobody has yet, readable where a firm file names it."""
    wanted = (slugify(name_en) or spell(name).full or "template")[:40]
    taken = set(Template.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(
        code for code in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if code not in taken
    )


def _check(code: str, values: Mapping[str, Any], before: Template | None) -> None:
    def said(name: str) -> Any:
        return values[name] if name in values else getattr(before, name, "")

    if not said("name") or not said("body"):
        raise CannotKeepTemplate(_("A template has a name and words."))
    if said("kind") not in Template.Kind.values:
        raise CannotKeepTemplate(_("There is no kind of template called “%s”.") % said("kind"))
    for body in (said("body"), said("body_en") or ""):
        for name in gaps_of(body):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
                raise CannotKeepTemplate(
                    _("“%(name)s” cannot be filled in. These can: %(known)s.")
                    % {"name": f"{{{name}}}", "known": known}
                )
    for name, which in (("quality_point", Term.List.QUALITY_POINT), ("cause", Term.List.CAUSE)):
        if said(name) and not Term.objects.filter(list=which, code=said(name)).exists():
            words = {"code": said(name), "list": which.label}
            raise CannotKeepTemplate(_("“%(code)s” is not in the list “%(list)s”.") % words)
    if said("task_for") and not said("instruction"):
        raise CannotKeepTemplate(_("Say what the department is asked to do."))
    if said("task_for") and said("settles"):
        raise CannotKeepTemplate(
            _("A case cannot be closed while a department is given a task. Choose one of the two.")
        )
    if said("kind") == Template.Kind.NOTE and (said("settles") or said("task_for")):
        raise CannotKeepTemplate(_("A note only notes; it neither settles a case nor gives a task."))
    shortcut = said("shortcut")
    others = Template.objects.in_force().filter(shortcut=shortcut).exclude(code=code)
    if shortcut and (taken := others.first()):
        raise CannotKeepTemplate(
            _("The shortcut “%(shortcut)s” belongs to “%(name)s”.")
            % {"shortcut": shortcut, "name": taken.name}
        )
