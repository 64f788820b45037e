"""Fetching what an address names, through `visible_to`: what the caller may not see is not there."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from guixin.channels.api.door import by, must
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Department, Person
from guixin.promise.matters import matter_for
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve.building_forms import form_in_force, no_form
from guixin.serve.handling import may_handle
from guixin.serve.models import Case, CaseFormVersion, Task
from guixin.serve.permitting import may_serve
from guixin.web.refusals import Refused

_NUMBER = re.compile(r"\d{4}-\d{6,12}", re.ASCII)


class NotThere(Refused):
    """Something the body names does not exist."""

    about_input = True


def case_called(request: HttpRequest, number: str) -> Case:
    """The case, if the caller may see it."""
    if not _NUMBER.fullmatch(number):
        raise Http404(number)
    cases = Case.objects.select_related("owner", "department", "customer")
    return get_visible_or_404(cases, by(request), number=number)


def case_to_serve(request: HttpRequest, number: str) -> Case:
    """The case, if the caller may also speak to its customer and decide about it."""
    case = case_called(request, number)
    must(may_serve(case, by(request)))
    return case


def task_called(request: HttpRequest, task_id: int) -> Task:
    tasks = Task.objects.select_related("case", "department", "handler")
    return get_visible_or_404(tasks, by(request), pk=task_id)


def task_to_handle(request: HttpRequest, task_id: int) -> Task:
    task = task_called(request, task_id)
    must(may_handle(task, by(request)))
    return task


def of_visible_case(request: HttpRequest, thing):
    """A clock, an escalation, an extension: seen by whoever sees its case, or the other matter it is about."""
    if thing is not None and thing.case_id is None:
        if matter_for(by(request), getattr(thing, "matter", None) or getattr(thing, "about", None)):
            return thing
        raise Http404
    if thing is None or not Case.objects.visible_to(by(request)).filter(pk=thing.case_id).exists():
        raise Http404
    return thing


def clock_called(request: HttpRequest, pk: int) -> Clock:
    return of_visible_case(request, Clock.objects.filter(pk=pk).first())


def extension_called(request: HttpRequest, pk: int) -> Extension:
    return of_visible_case(request, Extension.objects.select_related("clock").filter(pk=pk).first())


def escalation_called(request: HttpRequest, pk: int) -> Escalation:
    return of_visible_case(request, Escalation.objects.select_related("clock").filter(pk=pk).first())


def department_named(code: str) -> Department:
    """The department a body names by its code."""
    if box := Department.objects.filter(code=code).first():
        return box
    raise NotThere(_("There is no department called “%s”.") % code)


def person_named(login: str) -> Person:
    if who := Person.objects.filter(login=login, is_active=True).first():
        return who
    raise NotThere(_("There is nobody with the login “%(login)s”.") % {"login": login})


def form_named(code: str) -> CaseFormVersion:
    """The form a body names, as it is asked today."""
    if version := form_in_force(code):
        return version
    raise NotThere(no_form(code))


def version_read(request: HttpRequest) -> int:
    """The version an edit was read at, from If-Match."""
    written = request.headers.get("If-Match", "")
    if not written:
        raise HttpError(428, _("Send the version you read in If-Match, so that nobody is overwritten."))
    if not (found := re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', written.strip(), re.ASCII)):
        raise HttpError(400, _('If-Match carries the version as the case answered it, such as "3".'))
    return int(found[1])


def tagged(response: HttpResponse, case: Case) -> None:
    """The version of the case, to be sent back in If-Match."""
    response["ETag"] = f'"{case.version}"'
