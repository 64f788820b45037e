"""A document (可检索的资料): one article, lesson, item of knowledge or case, as it is found by its words."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Lookup


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`terms__matches="'涨价' & 'zlp'"`: a tsquery as it is, which no parser reads again."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} @@ {right}::tsquery", [*left_values, *right_values]


class Document(models.Model):
    """A copy made to be found, kept in step by `indexing` and made anew from nothing by `guixin index`.

    It gives no rights: who sees what it leads to is asked of its kind, before anything is ranked. `title` is as written;
    `title_plain` and `body_plain` are folded (`folding.plain`), `terms` is what the index holds of both.
    """

    kind = models.TextField()  # name of a Kind
    key = models.BigIntegerField()  # of the row it was made from
    ref = models.TextField()  # what its page is called by
    language = models.TextField()
    title = models.TextField()
    title_plain = models.TextField()
    body_plain = models.TextField()
    spelling = models.TextField()  # the title as it sounds, for what was misspelt
    length = models.PositiveIntegerField()  # characters of Chinese and words of anything else
    is_public = models.BooleanField()  # customers may find it
    is_offered = models.BooleanField()  # suggested while somebody writes, not only found
    worth = models.FloatField(default=0)  # how much better (or worse) than others like it, -0.5 to 0.5
    changed_at = models.DateTimeField()  # what it says, not this copy
    terms = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_document_a_row")]
        indexes = [
            # A short list of what waits: an index that is behind by megabytes makes every question read them.
            GinIndex(fields=["terms"], name="document_terms", gin_pending_list_limit=512),
            GinIndex(
                OpClass("spelling", name="gin_trgm_ops"), name="document_spelling", gin_pending_list_limit=512
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Pending(models.Model):
    """A row that many were changed with at once, to be read again by a worker. Twice the same is no fault."""

    kind = models.TextField()
    key = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
