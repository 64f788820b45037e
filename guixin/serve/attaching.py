"""Files added to a case. They are kept first (`web.kept_files.keep`); `attach` then gives them their rows, in the
transaction of the words they come with. Those that wait in a composer, or with a reply on its way, stand in
`draft_files`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve import events
from guixin.serve.models import Attachment, Case, Message, Task
from guixin.web.kept_files import AT_ONCE, LARGEST, MEGABYTE, CannotAttach, Kept, keep, sweep

IN_A_CASE, LARGEST_CASE = 200, 500 * MEGABYTE
BY_THE_CUSTOMER, LARGEST_BY_THE_CUSTOMER = 50, 200 * MEGABYTE  # of those; the link is all they need

__all__ = [
    "AT_ONCE",
    "LARGEST",
    "MEGABYTE",
    "CannotAttach",
    "Kept",
    "attach",
    "customer_attaches",
    "keep",
    "sweep",
]


@transaction.atomic
def attach(
    kept: Sequence[Kept], *, case: Case, now: datetime, by: Person | None = None, task: Task | None = None,
    message: Message | None = None, from_customer: bool = False,
) -> list[Attachment]:  # fmt: skip
    """Give files that were kept their place on a case; also on a closed one, like a note."""
    if not kept:
        return []
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # so that two at once cannot pass the limit
    _refuse_too_much(kept, case, from_customer)
    made = Attachment.objects.bulk_create(
        Attachment(
            id=one.id, case=case, task=task, message=message, by=by, from_customer=from_customer,
            at=now + timedelta(microseconds=order),  # listed as they were chosen
            original_name=one.original_name, size=one.size, sha256=one.sha256, media_type=one.media_type,
            state=one.state, doubt=one.doubt, width=one.width, height=one.height,
        )
        for order, one in enumerate(kept)
    )  # fmt: skip
    record(
        events.AttachmentsAdded(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=task.about if task else case.about,
            case_id=case.pk,
            count=len(made),
            attachments=[str(one.pk) for one in made],
            message_id=message.pk if message else None,
            from_customer=from_customer,
        )
    )
    return made


def _refuse_too_much(kept: Sequence[Kept], case: Case, from_customer: bool) -> None:
    if len(kept) > AT_ONCE:
        raise CannotAttach(_("Send at most %(count)s files at once.") % {"count": AT_ONCE})
    before = Attachment.objects.filter(case=case)
    most, largest = IN_A_CASE, LARGEST_CASE
    if from_customer:
        before, most, largest = before.filter(from_customer=True), BY_THE_CUSTOMER, LARGEST_BY_THE_CUSTOMER
    held = before.aggregate(count=Count("id"), size=Sum("size"))
    if held["count"] + len(kept) > most:
        raise CannotAttach(_("A case holds at most %(count)s files.") % {"count": most})
    if (held["size"] or 0) + sum(one.size for one in kept) > largest:
        raise CannotAttach(
            _("The files of a case may have %(size)s MB together.") % {"size": largest // MEGABYTE}
        )


@transaction.atomic
def customer_attaches(case: Case, kept: Sequence[Kept], *, now: datetime, body: str = "") -> list[Attachment]:
    """The customer sends files, perhaps with words. If we were waiting for them, the clocks run again."""
    from guixin.serve.replying import customer_adds

    if not kept:
        raise CannotAttach(_("Choose a file first."))
    with override(case.language):
        words = body.strip() or _t("(%(count)s files)") % {"count": len(kept)}
    message = customer_adds(case, words, now=now)
    return attach(kept, case=case, message=message, from_customer=True, now=now)
