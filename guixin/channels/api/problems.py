"""Every refusal as RFC 9457 problem details. This is the one place that turns what went wrong into a status."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from guixin.serve.changing import EditedMeanwhile
from guixin.serve.queues import NoSuchQueue
from guixin.web.refusals import Refused
from guixin.worktime import NoWorkingTime, TooFarAway

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds; a database that restarts is back about then


def problem(
    request: HttpRequest, status: int, detail: str = "", *, name: str = "", errors: list | None = None,
    headers: Mapping[str, str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """One problem document. `name` makes its type: urn:guixin:problem:cannot-close."""
    says: dict[str, Any] = {
        "type": f"urn:guixin:problem:{name}" if name else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    if errors:
        says["errors"] = errors
    body = json.dumps(says, ensure_ascii=False, default=_plain).encode("utf-8", "replace")
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def of_exception(request: HttpRequest, why: Exception) -> HttpResponse:
    """The answer to whatever stopped the request."""
    match why:
        case EditedMeanwhile():
            return problem(
                request, 409, str(why), name="edited-meanwhile", yours=why.yours, theirs=why.theirs,
                changed_by=why.by_id, changed_at=why.at, version=why.case.version,
            )  # fmt: skip
        case NoSuchQueue():
            return problem(request, 404, str(why), name="no-such-queue")
        case Refused():
            return problem(request, 422 if why.about_input else 409, str(why), name=_kebab(type(why)))
        case ValidationError():
            return problem(
                request, 422, _("Some of this cannot be taken as it stands."), errors=_fields(why.errors)
            )
        case ModelValidationError():
            return problem(
                request, 422, _("Some of this cannot be taken as it stands."), errors=_model_fields(why)
            )
        case HttpError():
            headers = {"WWW-Authenticate": "Bearer"} if why.status_code == 401 else None
            detail = _("Show a key: “Authorization: Bearer gx_…”.") if headers else str(why)
            return problem(request, why.status_code, detail, headers=headers)
        case Http404():
            return problem(request, 404, _("There is nothing here, or nothing you may see."))
        case PermissionDenied():
            return problem(request, 403, str(why))
        case RequestDataTooBig():
            return problem(request, 413, _("The body is too large."))
        case SuspiciousOperation():
            return problem(request, 400, _("This request cannot be read."))
        case NoWorkingTime() | TooFarAway():
            return problem(request, 422, str(why), name="no-working-time")
        case IntegrityError():
            log.info("%s %s: %s", request.method, request.path, why)
            return problem(request, 409, _("This is already there, or somebody was faster."))
        case DataError():
            return problem(request, 422, _("A value is outside what can be stored."))
        case OperationalError() | InterfaceError():
            log.warning("%s %s: %s", request.method, request.path, why)
            return problem(
                request, 503, _("The database cannot be reached at this moment; try again."),
                headers={"Retry-After": str(RETRY_AFTER)},
            )  # fmt: skip
    log.error("%s %s", request.method, request.path, exc_info=why)
    return problem(request, 500, _("Something went wrong on our side. It has been written down."))


def dressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Bare refusals of the framework (405, a page's 404) as problems too; the Allow header stays."""
    if response.status_code < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
        return response
    kept = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    detail = {404: _("There is nothing here, or nothing you may see."), 405: _("Not with this method.")}
    return problem(request, response.status_code, detail.get(response.status_code, ""), headers=kept)


def _fields(errors: list[dict]) -> list[dict]:
    """[{"in": "body", "field": "customer.phones.0", "detail": …}]"""
    # Endpoints take the whole body as one parameter, whose name is nobody's business.
    return [
        {
            "in": str(error["loc"][0]) if error["loc"] else "",
            "field": ".".join(str(step) for step in error["loc"][2 if error["loc"][0] == "body" else 1 :]),
            "detail": str(error["msg"]),
        }
        for error in errors
    ]


def _model_fields(why: ModelValidationError) -> list[dict]:
    by_field = why.message_dict if hasattr(why, "error_dict") else {"": why.messages}
    return [
        {"in": "body", "field": "" if field == "__all__" else field, "detail": force_str(said)}
        for field, sentences in by_field.items()
        for said in sentences
    ]


def _kebab(cls: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else force_str(value)
