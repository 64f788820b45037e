"""The ledger, followed by position: the safe way to copy what happens into another system."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from guixin.channels.api import answers
from guixin.channels.api.answers import Entries
from guixin.channels.api.door import Needs, must, scope
from guixin.ledger.models import Entry
from guixin.organisation.models import Duty, Scopes

router = Router(tags=["ledger"], auth=Needs(Scopes.LEDGER_READ))
PAGE = 500


@router.get("", response=Entries, summary="Everything that happened, by position")
def entries(request: HttpRequest, after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0):
    """For auditors, administrators and those who see everything. Nothing is ever missed by reading on
    from the last position; personal parts are not in it."""
    allowed = scope(request)
    must(allowed.may_administrate or allowed.has_duty(Duty.AUDITOR))
    return answers.entries(Entry.objects.after(after)[: PAGE + 1], PAGE, by="position")
