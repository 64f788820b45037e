"""What this package holds about customers: their cases, and all that was said and sent on them."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.core.files.storage import default_storage

from guixin.serve.models import Attachment, DraftFile
from guixin.serve.models.attachment import place
from guixin.understand.data_held import File, belongs, tells_nothing

CASE = "serve.Case"


def files_of(attachments: Sequence[Any]) -> Iterator[File]:
    for one in Attachment.objects.filter(pk__in=attachments).select_related("case").order_by("at", "pk"):
        yield File(f"{one.case.number}/{str(one.pk)[:8]}-{one.name}", one.size, one.open)


def files_of_drafts(drafts: Sequence[Any]) -> Iterator[File]:
    for one in DraftFile.objects.filter(pk__in=drafts).select_related("case").order_by("at", "pk"):
        name = f"{one.case.number}/{str(one.pk)[:8]}-{one.name}"
        yield File(name, one.size, partial(default_storage.open, place(one.pk)))


belongs(CASE, by="customer_id", without=["tracking_salt"])  # opens the private link
belongs("serve.CaseLink", by="case_id", to=CASE)
belongs("serve.CaseLink", by="other_id", to=CASE)
belongs("serve.Task", by="case_id", to=CASE)
belongs("serve.Transfer", by="task_id", to="serve.Task")
belongs("serve.Routing", by="case_id", to=CASE)
belongs("serve.Message", by="case_id", to=CASE)
belongs("serve.HeldReply", by="case_id", to=CASE)
belongs("serve.Draft", by="case_id", to=CASE)
belongs("serve.DraftFile", by="case_id", to=CASE, files=files_of_drafts)
belongs("serve.Attachment", by="case_id", to=CASE, files=files_of)
belongs("serve.Closing", by="case_id", to=CASE)
belongs("serve.Reopening", by="case_id", to=CASE)
belongs("serve.FollowUp", by="case_id", to=CASE)
belongs("serve.FirstContact", by="case_id", to=CASE)
belongs("serve.BulkItem", by="case_id", to=CASE)  # keeps what stood in the case before
belongs("serve.Goodwill", by="case_id", to=CASE)
belongs("serve.Stake", by="case_id", to=CASE)
belongs("serve.CasePurchase", by="case_id", to=CASE)
belongs("serve.Emergency", by="case_id", to=CASE)
belongs("serve.HardProblem", by="case_id", to=CASE)
belongs("serve.FilledForm", by="case_id", to=CASE)  # also what it said before it was changed
belongs("serve.Visit", by="case_id", to=CASE)
belongs("serve.VisitFollowUp", by="visit_id", to="serve.Visit")
belongs("serve.AgendaItem", by="visit_id", to="serve.Visit")
belongs("serve.CallBack", by="customer_id", without=["token", "once"])  # the first opens the private link

tells_nothing("serve.Presence", "Who of our people has the page open at this minute.")
tells_nothing("serve.SimulatedPromise", "What another standard would have made of the promises.")
tells_nothing("serve.Snooze", "Until when the owner of the case need not look at it.")
tells_nothing("serve.Watch", "Which of our people want to hear of the case.")
