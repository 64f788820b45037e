"""What the firm decides about service packages (服务方案): publish one, change it by a new version, withdraw it.

A case keeps the version it was promised. Which standards a package binds, and how the book prefers them, is told in
decisions/0015-how-a-package-chooses.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.models import Person
from guixin.organisation.models.versions import publish_next
from guixin.organisation.revisions import cached_until_changed
from guixin.promise.models import Package, PackageVersion, Standard
from guixin.understand.models import Segment
from guixin.web.refusals import Refused

CONTENT = (
    "reason", "reason_en", "owner", "calendar", "channels", "contact", "visit_every_days", "promise", "promise_en",
    "remedy", "remedy_en", "is_public",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PackagePublished(Event):
    """A service package has a new version. New cases of its segment are promised it; running ones keep theirs."""

    kind: ClassVar[str] = "promise.package_published"
    sentence: ClassVar[str] = gettext_noop("Service package %(package)s version %(number)s was published")
    package: str
    number: int
    segment_id: int
    standards: list[str]


@dataclass(frozen=True, kw_only=True)
class PackageWithdrawn(Event):
    """A service package promises nothing to new cases any more; cases that were promised it keep it."""

    kind: ClassVar[str] = "promise.package_withdrawn"
    sentence: ClassVar[str] = gettext_noop("Service package %(package)s version %(number)s was withdrawn")
    package: str
    number: int


class CannotPublishPackage(Refused):
    """The package cannot be promised like this, and why."""

    about_input = True


class PackageNotInForce(Refused):
    """There is nothing to withdraw."""


def define(code: str, *, name: str, name_en: str = "", segment: Segment) -> Package:
    """A new package. It promises nothing until its first version is published."""
    if Package.objects.filter(code=code).exists():
        raise CannotPublishPackage(_("There is a service package called “%s” already.") % code)
    if not name.strip():
        raise CannotPublishPackage(_("Give the service package a name."))
    return Package.objects.create(code=code, name=name.strip(), name_en=name_en.strip(), segment=segment)


@transaction.atomic
def publish(
    package: Package, content: Mapping[str, Any], standards: Sequence[Standard], *, by: Person | None,
    now: datetime, review_on: date | None = None,
) -> PackageVersion:  # fmt: skip
    """The next version, with the reason in words. Refused where the segment could not be given it.

    content     names of CONTENT -> values; what is left out is blank
    standards   that the package binds; each must be in force, and at most one package of a segment is
    """
    segment = Segment.objects.select_for_update().get(pk=package.segment_id)  # two packages for it take turns
    _check(package, segment, content, standards)
    if review_on and review_on <= timezone.localdate(now):
        raise CannotPublishPackage(_("The day the package is looked at again must lie ahead."))
    in_force_now = in_force(package)
    if in_force_now and not differs(in_force_now, content, standards):
        raise CannotPublishPackage(_("The package says this already; there is nothing to publish."))
    said = {name: content[name] for name in CONTENT if name in content}
    version = publish_next(package.versions, by=by, now=now, review_on=review_on, **said)
    version.standards.set(standards)
    record(
        PackagePublished(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("package", package.pk),
            package=package.code,
            number=version.number,
            segment_id=package.segment_id,
            standards=sorted(standard.code for standard in standards),
        )
    )
    return version


def _check(
    package: Package, segment: Segment, content: Mapping[str, Any], standards: Sequence[Standard]
) -> None:
    if not segment.is_published:
        raise CannotPublishPackage(
            _("The segment “%s” is not in force, so nobody could be given this package.") % segment
        )
    if not str(content.get("reason", "")).strip():
        raise CannotPublishPackage(_("Say why this segment gets this; everybody who is asked will read it."))
    other = (
        PackageVersion.objects.filter(package__segment=segment, withdrawn_at__isnull=True)
        .exclude(package=package)
        .select_related("package")
        .first()
    )
    if other:
        raise CannotPublishPackage(
            _("The segment has the package “%s” already. Withdraw it first, or publish a new version of it.")
            % other.package
        )
    in_force_ids = set(
        Standard.objects.filter(versions__withdrawn_at__isnull=True, versions__isnull=False).values_list(
            "pk", flat=True
        )
    )
    if missing := next((each for each in standards if each.pk not in in_force_ids), None):
        raise CannotPublishPackage(
            _("The standard “%s” is not in force; a package cannot promise it.") % missing
        )


def differs(version: PackageVersion, content: Mapping[str, Any], standards: Sequence[Standard]) -> bool:
    """Whether this would be another package than that version."""
    bound = set(version.standards.values_list("pk", flat=True))
    return bound != {each.pk for each in standards} or any(
        getattr(version, name) != content[name] for name in CONTENT if name in content
    )


def in_force(package: Package) -> PackageVersion | None:
    return package.versions.filter(withdrawn_at__isnull=True).first()


@transaction.atomic
def withdraw(package: Package, *, by: Person | None, now: datetime) -> PackageVersion:
    """Give it to no new case. Cases that were promised it keep it."""
    version = package.versions.select_for_update().filter(withdrawn_at__isnull=True).first()
    if version is None:
        raise PackageNotInForce(_("“%s” is not in force.") % package)
    PackageVersion.objects.filter(pk=version.pk).update(withdrawn_at=now)
    record(
        PackageWithdrawn(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=("package", package.pk),
            package=package.code,
            number=version.number,
        )
    )
    return version


def keep_their_segment(segment: Segment) -> list[str]:
    """Asked before a segment is withdrawn: the package its customers would lose."""
    versions = PackageVersion.objects.filter(package__segment=segment, withdrawn_at__isnull=True)
    return [_("the service package “%s”") % version.package for version in versions.select_related("package")]


@cached_until_changed("standards")
def packages_in_force() -> dict[int, PackageVersion]:
    """Segment id -> the version its customers are promised now."""
    versions = PackageVersion.objects.filter(withdrawn_at__isnull=True)
    return {
        version.package.segment_id: version
        for version in versions.select_related("package__segment", "owner", "calendar")
    }


@cached_until_changed("standards")
def bound_standards() -> dict[int, frozenset[int]]:
    """Version of a package, also an old one -> the standards it binds: a case may hold any."""
    bound: dict[int, set[int]] = {}
    through = PackageVersion.standards.through
    for version_id, standard_id in through.objects.values_list("packageversion_id", "standard_id"):
        bound.setdefault(version_id, set()).add(standard_id)
    return {version_id: frozenset(ids) for version_id, ids in bound.items()}


@cached_until_changed("standards")
def hours_of_packages() -> dict[int, int]:
    """Version of a package -> the calendar of its hours, where it has any."""
    versions = PackageVersion.objects.filter(calendar__isnull=False)
    return dict(versions.values_list("pk", "calendar_id"))
