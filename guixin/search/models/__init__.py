"""What can be found, what waits to be, and how common its words are."""

from guixin.search.models.document import Document, Pending
from guixin.search.models.statistics import CommonTerm, Counted

__all__ = ["CommonTerm", "Counted", "Document", "Pending"]
