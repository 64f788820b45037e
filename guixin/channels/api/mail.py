"""Mail that waits for a decision, what became of the rest, and the mailboxes it comes by. The same verbs as the pages."""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Said, Word
from guixin.channels.api.door import Needs, by, must, now_of, scope
from guixin.channels.api.finding import case_called, department_named
from guixin.channels.mail import fetching, mailboxes, repairing, understanding
from guixin.channels.mail.reading import Unreadable
from guixin.channels.models import Mailbox, ReceivedMail
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve.overview import sees_all
from guixin.serve.permitting import may_serve
from guixin.understand.masking import mask_email, mask_name

router = Router(tags=["mail"], auth=Needs(Scopes.CASES_READ))
writing = Needs(Scopes.CASES_WRITE)
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)
PAGE = 100


class MailShown(BaseModel):
    id: int
    state: str
    reason: str = Field(description="Why it waits; empty otherwise.")
    trouble: str
    became: str
    mailbox: str
    sender: str = Field(description="As the mail says, which proves nothing; masked.")
    sender_name: str
    subject: str
    verdict: str = Field(
        description="What our own mail server found out about the sender: pass, fail or none."
    )
    is_verified: bool
    size: int
    arrived_at: datetime
    case: str | None
    names_case: str | None = Field(description="A case whose number stands in the subject.")


class MailRead(MailShown):
    text: str
    quoted: str
    files: list[str]
    refused_files: list[dict[str, Any]]


class MailPut(Input):
    case: Word = Field(description="Number of the case it belongs to.")


class MailDiscarded(Input):
    reason: Said


class MailboxShown(BaseModel):
    """Without its password."""

    id: int
    address: str
    name: str
    host: str
    port: int
    security: str
    login: str
    folder: str
    done_folder: str
    case_kind: str
    department: str | None
    authserv_id: str
    tags_addresses: bool
    acknowledges: bool
    is_active: bool
    connected_at: datetime | None
    mail_at: datetime | None
    error: str


class MailboxEdited(Input):
    address: Word | None = None
    name: Word | None = None
    host: Word | None = None
    port: int | None = Field(None, ge=1, le=65535)
    security: Word | None = None
    login: Word | None = None
    password: Word | None = Field(None, description="Kept sealed; never answered.")
    folder: Word | None = None
    done_folder: Word | None = None
    case_kind: Word | None = None
    department: Word | None = Field(None, description="Its code; empty: as the rules say.")
    authserv_id: Word | None = None
    tags_addresses: bool | None = None
    acknowledges: bool | None = None
    is_active: bool | None = None


class MailboxGiven(MailboxEdited):
    address: Word


class MailboxTested(BaseModel):
    works: bool
    unseen: int | None
    trouble: str


def _shown(mail: ReceivedMail) -> dict:
    return {
        "id": mail.pk,
        "state": mail.state,
        "reason": mail.reason,
        "trouble": mail.trouble,
        "became": mail.became,
        "mailbox": mail.mailbox.address if mail.mailbox else "",
        "sender": mask_email(mail.sender),
        "sender_name": mask_name(mail.sender_name),
        "subject": mail.subject,
        "verdict": mail.verdict,
        "is_verified": mail.is_verified,
        "size": mail.size,
        "arrived_at": mail.arrived_at,
        "case": mail.case.number if mail.case else None,
        "names_case": mail.hint.number if mail.hint else None,
    }


def _called(request: HttpRequest, pk: int) -> ReceivedMail:
    mails = ReceivedMail.objects.select_related("mailbox", "case", "hint", "message")
    return get_visible_or_404(mails, by(request), pk=pk)


def _to_decide(request: HttpRequest, pk: int) -> ReceivedMail:
    mail = _called(request, pk)
    must(sees_all(scope(request)))
    return mail


@router.get("/mail", response=list[MailShown], summary="Received mail")
def mails(
    request: HttpRequest,
    state: Literal["quarantined", "discarded", "taken", "arrived"] = "quarantined",
    before: int | None = Query(None, ge=1, le=2**63 - 1),
):
    """Newest first, a hundred at a time; `before` is the id of the last one seen. Mail without a case is shown to those
    who see every case."""
    found = ReceivedMail.objects.visible_to(by(request)).filter(state=state)
    if before:
        found = found.filter(pk__lt=before)
    rows = found.select_related("mailbox", "case", "hint").defer("raw").order_by("-pk")[:PAGE]
    return [_shown(each) for each in rows]


@router.get("/mail/{int:pk}", response=MailRead, summary="One mail")
def mail_read(request: HttpRequest, pk: int):
    """Its words without what it quotes. The original is shown on its page, which records it."""
    mail = _called(request, pk)
    try:
        letter = understanding.letter_of(mail)
    except Unreadable:
        return _shown(mail) | {"text": "", "quoted": "", "files": [], "refused_files": mail.refused_files}
    return _shown(mail) | {
        "text": letter.text,
        "quoted": letter.quoted,
        "files": [each.name for each in letter.files],
        "refused_files": mail.refused_files,
    }


@router.post("/mail/{int:pk}/case", auth=writing, response=MailShown, summary="Make a case of a mail")
def mail_made_case(request: HttpRequest, pk: int):
    return _shown(repairing.make_case(_to_decide(request, pk), by=by(request), now=now_of(request)))


@router.post("/mail/{int:pk}/putting", auth=writing, response=MailShown, summary="Put a mail to a case")
def mail_put(request: HttpRequest, pk: int, given: MailPut):
    """Kept for colleagues, as of an unverified sender."""
    mail, case = _to_decide(request, pk), case_called(request, given.case)
    return _shown(repairing.put_to(mail, case, by=by(request), now=now_of(request)))


@router.post("/mail/{int:pk}/discarding", auth=writing, response=MailShown, summary="Discard a mail")
def mail_discarded(request: HttpRequest, pk: int, given: MailDiscarded):
    mail = _to_decide(request, pk)
    return _shown(repairing.discard(mail, given.reason, by=by(request), now=now_of(request)))


@router.post("/mail/{int:pk}/again", auth=writing, response=MailShown, summary="Try a mail again")
def mail_again(request: HttpRequest, pk: int):
    return _shown(repairing.try_again(_to_decide(request, pk), by=by(request), now=now_of(request)))


@router.post("/mail/{int:pk}/sender", auth=writing, response=MailShown, summary="Confirm a sender")
def mail_sender_confirmed(request: HttpRequest, pk: int):
    """The customer wrote it: its words become theirs, and what waits for them goes on."""
    mail = _called(request, pk)
    must(mail.case is not None and may_serve(mail.case, by(request)))
    return _shown(repairing.confirm_sender(mail, by=by(request), now=now_of(request)))


# -- mailboxes ---------------------------------------------------------------------------------------------------------


def _box_shown(box: Mailbox) -> dict:
    plain = {name: getattr(box, name) for name in MailboxShown.model_fields if name != "department"}
    return plain | {"department": box.department.code if box.department else None}


def _box(pk: int) -> Mailbox:
    if box := Mailbox.objects.select_related("department").filter(pk=pk).first():
        return box
    raise Http404


def _values(given: MailboxEdited) -> tuple[dict[str, Any], str | None]:
    values = {
        name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None
    }
    password = values.pop("password", None)
    if "department" in values:
        values["department"] = department_named(values["department"]) if values["department"] else None
    return values, password


@router.get("/mailboxes", auth=setting_up, response=list[MailboxShown], summary="Mailboxes")
def mailboxes_listed(request: HttpRequest):
    return [_box_shown(box) for box in Mailbox.objects.select_related("department").order_by("address")]


@router.post("/mailboxes", auth=setting_up, response={201: MailboxShown}, summary="Add a mailbox")
def mailbox_added(request: HttpRequest, response: HttpResponse, given: MailboxGiven):
    """Its mail is fetched from now on; without a host it is handed over by your own mail server."""
    values, password = _values(given)
    box = mailboxes.add(values, password=password or "", by=by(request), now=now_of(request))
    response["Location"] = f"/api/mailboxes/{box.pk}"
    return Status(201, _box_shown(box))


@router.get("/mailboxes/{int:pk}", auth=setting_up, response=MailboxShown, summary="A mailbox")
def mailbox_shown(request: HttpRequest, pk: int):
    return _box_shown(_box(pk))


@router.patch(
    "/mailboxes/{int:pk}",
    auth=setting_up,
    response=MailboxShown,
    summary="Change a mailbox, or switch it off",
)
def mailbox_edited(request: HttpRequest, pk: int, given: MailboxEdited):
    """Only what is sent is changed."""
    values, password = _values(given)
    mailboxes.change(_box(pk), values, password=password, by=by(request), now=now_of(request))
    return _box_shown(_box(pk))


@router.post("/mailboxes/{int:pk}/test", auth=setting_up, response=MailboxTested, summary="Test a mailbox")
def mailbox_tested(request: HttpRequest, pk: int):
    """Connects now, and fetches nothing."""
    try:
        return {"works": True, "unseen": fetching.test(_box(pk)), "trouble": ""}
    except fetching.CannotFetch as why:
        return {"works": False, "unseen": None, "trouble": str(why)}
