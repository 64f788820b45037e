"""Service packages: what each segment is promised and why; and whether promises were kept."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Said, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of, scope
from guixin.channels.api.finding import NotThere, person_named
from guixin.channels.api.standards import calendar_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.promise import packages
from guixin.promise.models import Clock, Measure, Package, PackageVersion, Standard
from guixin.serve.models import Case
from guixin.serve.packages import Kept, kept_by, promises_behind
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit

router = Router(tags=["packages"], auth=Needs(Scopes.STANDARDS_READ))
publishing = Needs(Scopes.STANDARDS_WRITE)
AT_ONCE = 200
By = Literal["segment", "grade", "package"]
Days = Annotated[int, Query(ge=1, le=731)]


class PackageVersionShown(BaseModel):
    number: int
    published_at: datetime
    withdrawn_at: datetime | None
    review_on: date | None
    reason: str
    reason_en: str
    standards: list[str]
    owner_id: int | None
    calendar_id: int | None
    channels: list[str]
    contact: str
    visit_every_days: int | None
    promise: str
    promise_en: str
    remedy: str
    remedy_en: str
    is_public: bool


class PackageShown(BaseModel):
    code: str
    name: str
    name_en: str
    segment: str
    in_force: PackageVersionShown | None


class PackageWhole(PackageShown):
    versions: list[PackageVersionShown]
    open_cases: int


class PackageContent(Input):
    """The whole of a version; what is left out is blank."""

    reason: Said = Field(description="Why this segment gets this.")
    reason_en: Text = ""
    standards: list[Word] = Field(default=[], max_length=100, description="Codes of standards in force.")
    owner: Word | None = Field(None, description="Login of who answers for these customers.")
    calendar: Word | None = Field(None, description="Code of the hours in which we are there for them.")
    channels: list[Word] = Field(default=[], max_length=20)
    contact: Word = ""
    visit_every_days: int | None = Field(None, ge=1, le=999)
    promise: Text = ""
    promise_en: Text = ""
    remedy: Text = ""
    remedy_en: Text = ""
    is_public: bool = False
    review_on: date | None = None


class PackageGiven(PackageContent):
    code: str = Field(pattern="^[a-z0-9-]{1,50}$")
    name: Said
    name_en: Word = ""
    segment: Word


class KeptByGroup(BaseModel):
    """`key`: the segment, grade or version of a package when the case was opened. Shares in percent, 95 % by Wilson;
    none where fewer than five ended. `median` in seconds by the clock on the wall."""

    key: int | str | None
    measure: str
    ended: int
    kept: int
    percent: int | None
    low: int | None
    high: int | None
    median: float | None
    open_now: int
    late_now: int


class PromiseBehind(BaseModel):
    case: str
    state: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None


class PromisesBehind(BaseModel):
    promises: list[PromiseBehind]
    number: int


def _version(version: PackageVersion) -> dict:
    said = {name: getattr(version, name) for name in PackageVersionShown.model_fields if name != "standards"}
    return said | {"standards": sorted(each.code for each in version.standards.all())}


def _shown(package: Package, version: PackageVersion | None) -> dict:
    return {
        "code": package.code,
        "name": package.name,
        "name_en": package.name_en,
        "segment": package.segment.code,
        "in_force": _version(version) if version else None,
    }


def _called(request: HttpRequest, code: str) -> Package:
    packages_ = Package.objects.select_related("segment")
    return get_visible_or_404(packages_, by(request), code=code.replace("\x00", ""))


def _to_decide_on(request: HttpRequest, code: str) -> Package:
    package = _called(request, code)
    must(may_edit(package.segment, by(request)))
    return package


def _publish(request: HttpRequest, package: Package, given: PackageContent) -> PackageVersion:
    content = given.model_dump(include=set(packages.CONTENT) - {"owner", "calendar"})
    content["owner"] = person_named(given.owner) if given.owner else None
    content["calendar"] = calendar_named(given.calendar) if given.calendar else None
    if unknown := next((each for each in given.channels if each not in Case.Channel.values), None):
        raise NotThere(_("There is no channel called “%s”.") % unknown)
    standards = list(Standard.objects.filter(code__in=given.standards))
    if missing := set(given.standards) - {each.code for each in standards}:
        raise NotThere(_("There is no standard called “%s”.") % min(missing))
    return packages.publish(
        package, content, standards, by=by(request), now=now_of(request), review_on=given.review_on
    )


@router.get("/packages", response=list[PackageShown], summary="Service packages")
def listed(request: HttpRequest):
    """Those of segments you may see, by the priority of their segments."""
    visible = (
        Package.objects.visible_to(by(request))
        .select_related("segment")
        .order_by("segment__priority", "code")
    )
    versions = PackageVersion.objects.filter(withdrawn_at__isnull=True).prefetch_related("standards")
    in_force = {version.package_id: version for version in versions}
    return [_shown(each, in_force.get(each.pk)) for each in visible]


@router.post("/packages", auth=publishing, response={201: PackageShown}, summary="A new service package")
@transaction.atomic
def begin(request: HttpRequest, given: PackageGiven):
    """With its first version. For administrators, and for whoever answers for the segment."""
    segments = Segment.objects.visible_to(by(request))
    segment = segments.filter(code=given.segment).first()
    if segment is None:
        raise NotThere(_("There is no segment called “%s”.") % given.segment)
    must(may_edit(segment, by(request)))
    package = packages.define(given.code, name=given.name, name_en=given.name_en, segment=segment)
    return Status(201, _shown(package, _publish(request, package, given)))


@router.get("/packages/{code}", response=PackageWhole, summary="A service package with its versions")
def whole(request: HttpRequest, code: str):
    package = _called(request, code)
    versions = list(package.versions.prefetch_related("standards").order_by("number"))
    current = next((each for each in versions if each.withdrawn_at is None), None)
    return _shown(package, current) | {
        "versions": [_version(each) for each in versions],
        "open_cases": Case.objects.open().filter(package__package=package).count(),
    }


@router.post(
    "/packages/{code}/versions", auth=publishing, response={201: PackageShown}, summary="Publish a version"
)
def publish(request: HttpRequest, code: str, given: PackageContent):
    """Cases keep the version they were promised."""
    package = _to_decide_on(request, code)
    return Status(201, _shown(package, _publish(request, package, given)))


@router.delete(
    "/packages/{code}", auth=publishing, response=PackageShown, summary="Withdraw a service package"
)
def withdraw(request: HttpRequest, code: str):
    """No new case is given it; cases that were promised it keep it."""
    package = _to_decide_on(request, code)
    packages.withdraw(package, by=by(request), now=now_of(request))
    return _shown(package, None)


def _may_compare(request: HttpRequest) -> None:
    seen = scope(request)
    if not (seen.is_front_desk or seen.may_administrate):
        raise HttpError(403, _("This page is for those who see every case."))


def _kept(found: Kept) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in KeptByGroup.model_fields}
    if not found.is_enough:
        said |= {"percent": None, "low": None, "high": None}
    return said | {"median": found.median.total_seconds() if found.median is not None else None}


@router.get("/kept", response=list[KeptByGroup], summary="Promised and kept, by segment, grade or package")
def kept(request: HttpRequest, by_: Annotated[By, Query(alias="by")] = "segment", days: Days = 92):
    """Of cases opened in the last days."""
    _may_compare(request)
    now = now_of(request)
    return [_kept(each) for each in kept_by(by_, since=now - timedelta(days=days), until=now)]


@router.get("/kept/promises", response=PromisesBehind, summary="The promises behind one number of it")
def kept_promises(
    request: HttpRequest,
    measure: Measure,
    which: Literal["ended", "kept", "broken", "open", "late"] = "ended",
    by_: Annotated[By, Query(alias="by")] = "segment",
    key: Annotated[str, Query(max_length=50)] = "",
    days: Days = 92,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
):
    """200 at a time, the latest first, of cases you may see. No `key`: those without a segment, grade or package."""
    _may_compare(request)
    now = now_of(request)
    wanted: Any = (
        key.replace("\x00", "") if by_ == "grade" else int(key) if key.isdecimal() and len(key) < 19 else None
    )
    every = promises_behind(which, by_, wanted, measure, since=now - timedelta(days=days), until=now)
    visible = every.filter(case_id__in=Case.objects.visible_to(by(request)).values("pk"))
    some: list[Clock] = list(visible[skip : skip + AT_ONCE])
    numbers = dict(Case.objects.filter(pk__in=[each.case_id for each in some]).values_list("pk", "number"))
    same = [name for name in PromiseBehind.model_fields if name != "case"]
    return {
        "promises": [
            {"case": numbers.get(each.case_id or 0, ""), **{name: getattr(each, name) for name in same}}
            for each in some
        ],
        "number": visible.count(),
    }
