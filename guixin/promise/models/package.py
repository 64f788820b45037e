"""A service package (服务方案): what the customers of one segment are promised beyond what everybody is, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Calendar, Person, Published
from guixin.organisation.naming import shown_by_name
from guixin.promise.models.standard import Standard
from guixin.understand.models import Segment
from guixin.web.languages import Named, for_reader


class PackageQuerySet(models.QuerySet["Package"]):
    def visible_to(self, person: Person) -> "PackageQuerySet":
        """Those who see every customer, and administrators, see every package; others those of their segments."""
        scope = scope_of(person)
        if scope.may_administrate or scope.is_front_desk:
            return self
        return self.filter(segment__in=Segment.objects.visible_to(person))


class Package(Named, models.Model):
    """Bound to one segment for good; what it promises is in its versions."""

    code = models.SlugField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="packages")

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("service package")

    def __str__(self) -> str:
        return self.name


class PackageVersion(Published):
    """What a package promised from one publication to the next. Never edited once published; cases keep theirs."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="versions")
    review_on = models.DateField(null=True, blank=True)

    reason = models.TextField()  # why this segment gets this
    reason_en = models.TextField(blank=True, default="")
    standards = models.ManyToManyField(Standard, related_name="package_versions", blank=True)
    owner = models.ForeignKey(  # who answers for these customers by name
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    calendar = (
        models.ForeignKey(  # the hours in which we are there for them; standards with their own keep it
            Calendar, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
        )
    )
    channels = ArrayField(models.TextField(), default=list, blank=True)  # codes of serve's channels
    contact = models.TextField(blank=True, default="")  # a line or address of their own
    visit_every_days = models.PositiveSmallIntegerField(null=True, blank=True)

    # In the customer's words.
    promise = models.TextField(blank=True, default="")
    promise_en = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    remedy_en = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)  # also on the page of standards everybody reads

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="one_package_version_a_number"),
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_package_version_in_force",
            ),
            models.CheckConstraint(
                name="package_visits_some_day",
                condition=Q(visit_every_days__isnull=True) | Q(visit_every_days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package} v{self.number}"

    def promise_in(self, language: str) -> str:
        return for_reader(self.promise, language, self.promise_en)

    def remedy_in(self, language: str) -> str:
        return for_reader(self.remedy, language, self.remedy_en)

    def reason_in(self, language: str) -> str:
        return for_reader(self.reason, language, self.reason_en)


shown_by_name("package", lambda: Package, "standards")
