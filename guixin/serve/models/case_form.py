"""A form (表单): what one kind of request asks beside the story, defined by an administrator, in versions; and what was
answered on a case."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.models import Drafted, Person, Published
from guixin.organisation.naming import shown_by_name
from guixin.serve.form_fields import FormField
from guixin.serve.models.case import Case
from guixin.web.languages import Named, for_reader

coded(
    "form_change",
    [
        ("added", _("added")),
        ("described", _("changed")),
        ("withdrawn", _("withdrawn")),
        ("restored", _("in use again")),
    ],
)


class CaseForm(Named, Drafted):
    """For which cases it is: a kind, and perhaps a category (with all below it) and what the product's name begins with.

    `draft` holds the fields somebody works on; `draft_version` moves with every edit, so that two people do not overwrite
    each other. `is_public`: customers find it at /requests-for/<code>. Withdrawn, it is offered no more; answers stay.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    intro = models.TextField(blank=True, default="")  # what whoever fills it in reads first
    intro_en = models.TextField(blank=True, default="")
    kind = models.TextField(choices=Case.Kind)
    category = models.TextField(blank=True, default="")  # code of a Term
    product = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> tuple[str, int]:
        return "case_form", self.pk

    def in_force(self) -> "CaseFormVersion | None":
        return self.versions.filter(withdrawn_at=None).first()

    @property
    def drafted(self) -> list[FormField]:
        return [FormField.read(each) for each in self.draft or ()]

    def shown_intro(self, language: str) -> str:
        return for_reader(self.intro, language, self.intro_en)

    def fits(self, kind: str, category: str, product: str) -> bool:
        return (
            self.kind == kind
            and (not self.category or f"{category}/".startswith(f"{self.category}/"))
            and product.casefold().startswith(self.product.casefold())
        )


class CaseFormVersion(Published):
    """What it asked from one publication to the next; `note` says why it changed. Never edited once published."""

    form = models.ForeignKey(CaseForm, models.PROTECT, related_name="versions")
    fields = models.JSONField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="one_form_version_a_number"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(withdrawn_at__isnull=True), name="one_form_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"

    @property
    def asked(self) -> dict[str, FormField]:
        """By key, in their order."""
        return {field.key: field for field in map(FormField.read, self.fields)}


class FilledForm(models.Model):
    """What stands in the form of one case. Each change is a row more; the latest is the current one.

    `answers` by key, as JSON keeps them: a text, a number as "12.5", a day or moment in ISO 8601, a list of words
    (several) or of the ids of attachments (files), true and false.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="filled_forms", db_index=False)
    version = models.ForeignKey(CaseFormVersion, models.PROTECT, related_name="filled")
    number = models.PositiveIntegerField(default=1)  # of the changes on this case; guards against overwriting
    answers = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_filled_form_a_number"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_current=True), name="one_filled_form_is_current"
            ),
        ]
        indexes = [
            GinIndex(
                fields=["answers"], name="filled_form_answers", opclasses=["jsonb_path_ops"],
                condition=Q(is_current=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"form {self.version_id} of case {self.case_id}"  # never the answers: this lands in logs


shown_by_name("form", lambda: CaseForm, "forms", of="serve.form_")
