"""A file being taken in: how far it got, and every line that needs somebody's eye."""

from django.db import models

from guixin.organisation.models import Person


class Import(models.Model):
    """One run over one file. `line` and the numbers move in the transaction of the rows they count."""

    class State(models.TextChoices):
        LEFT = "left"  # uploaded; somebody still says which column is what
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"  # the file as a whole could not be read; `problem` says why

    what = models.TextField()  # cases, events, customers
    file_name = models.TextField()
    stored_as = models.TextField(blank=True, default="")  # below MEDIA_ROOT, for runs by a worker
    sha256 = models.TextField(blank=True, default="")
    mapping = models.TextField()
    columns = models.JSONField(null=True)  # the mapping itself, where it was chosen on a page
    headings = models.TextField(
        blank=True, default=""
    )  # of the file: the next one like it is read the same way
    repeats = models.ForeignKey(  # the import whose bad rows this file repairs
        "self", models.SET_NULL, null=True, related_name="+"
    )
    dry_run = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.TextField(choices=State, default=State.RUNNING)
    problem = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    line = models.PositiveBigIntegerField(default=0)  # the last line of the file that is settled
    landed = models.PositiveBigIntegerField(default=0)
    already = models.PositiveBigIntegerField(default=0)
    faults = models.PositiveBigIntegerField(default=0)  # landed, but something in the row is wrong
    rejected = models.PositiveBigIntegerField(default=0)
    figures = models.JSONField(default=dict)  # what this kind of file counts besides

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_state",
                condition=models.Q(state__in=["left", "waiting", "running", "done", "failed"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class ImportedLine(models.Model):
    """A line that was rejected, or landed with a fault: with its reason, and as it stood in the file."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    line = models.PositiveBigIntegerField()
    landed = models.BooleanField()
    reason = models.TextField()  # for programs
    sentence = models.TextField()  # for people
    raw = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="one_remark_a_line")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.reason}"
