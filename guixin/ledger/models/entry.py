"""An entry: one thing that happened. The database refuses to change or delete it."""

from django.db import models

from guixin.ledger.wording import in_words


class EntryQuerySet(models.QuerySet):
    def of_case(self, case_id: int) -> "EntryQuerySet":
        return self.filter(case_id=case_id).order_by("id")

    def history_of(self, *abouts: tuple[str, int]) -> "EntryQuerySet":
        """What happened to these nouns of the firm's own set-up, newest first; none of it belongs to a case."""
        kinds: dict[str, list[int]] = {}
        for kind, pk in abouts:
            kinds.setdefault(kind, []).append(pk)
        wanted = models.Q(pk__in=[])
        for kind, ids in kinds.items():
            wanted |= models.Q(about_kind=kind, about_id__in=ids)
        return self.filter(wanted, case_id__isnull=True).order_by("-id")

    def after(self, position: int) -> "EntryQuerySet":
        """Committed entries in the order they became visible: the only safe way to follow the ledger."""
        return self.filter(position__gt=position).order_by("position")


class Entry(models.Model):
    """One thing that happened. Written by `record`, never by hand; a trigger keeps it as it is."""

    kind = models.TextField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(  # the real instant, also while a replay lives at another time
        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField())
    )
    actor_id = models.BigIntegerField(null=True)
    about_kind = models.TextField()
    about_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    commitment = models.BinaryField(null=True)  # to the personal part, see Private
    position = models.BigIntegerField(null=True, unique=True)  # given once, after commit
    seal = models.BinaryField(null=True)  # sha256 over the previous seal and this entry

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["case_id", "id"], name="entry_of_case", condition=models.Q(case_id__isnull=False)
            ),
            models.Index(  # the history of what belongs to no case: departments, people, calendars, rules
                fields=["about_kind", "about_id", "id"],
                name="entry_of_noun",
                condition=models.Q(case_id__isnull=True),
            ),
            models.Index(  # a customer's own story, narrowed to some kinds, a page at a time
                fields=["about_id", "kind", "id"],
                name="entry_of_customer",
                condition=models.Q(case_id__isnull=True, about_kind="customer"),
            ),
            models.Index(fields=["id"], name="entry_unnumbered", condition=models.Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.position or '-'} {self.kind} {self.about_kind}:{self.about_id}"

    def in_words(self) -> str:
        """The entry as a sentence in the reader's language."""
        return in_words(self.kind, self.facts)


class Private(models.Model):
    """The personal part of an entry, outside the sealed payload. Erasing a person deletes this row.

    The entry keeps a commitment sha256(salt + payload): while the row stands it proves the payload was
    not changed; once it is gone the chain of seals still verifies and the payload cannot be guessed.
    """

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, related_name="private")
    salt = models.BinaryField()
    payload = models.JSONField()
