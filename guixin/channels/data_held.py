"""What this package holds about customers: what our people were told of their cases.

Mail and calls on their way (`Outgoing`) carry ids alone. Lines of a file that could not be taken in
(`ImportedLine`) are nobody's yet: no column says whose they would have been.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from guixin.channels.models import ReceivedMail
from guixin.understand.data_held import File, belongs, tells_nothing


def originals_of(mails: Sequence[Any]) -> Iterator[File]:
    """Every mail as it came."""
    for one in ReceivedMail.objects.filter(pk__in=mails).select_related("case").defer("raw").order_by("pk"):
        yield File(
            f"{one.case.number if one.case else ''}/mail-{one.pk}.eml", one.size, partial(_raw, one.pk)
        )


def _raw(pk: int) -> BytesIO:
    return BytesIO(bytes(ReceivedMail.objects.values_list("raw", flat=True).get(pk=pk)))


belongs("channels.Notice", by="case_id", to="serve.Case")
belongs("channels.ReceivedMail", by="case_id", to="serve.Case", without=["digest"], files=originals_of)
belongs("channels.SentMail", by="case_id", to="serve.Case", without=["key"])

tells_nothing("channels.RobotLine", "In which chat of ours a notice of the case was posted, and when.")
