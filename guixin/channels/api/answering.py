"""Taking in a case that is answered at once, with the handbook or without."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from guixin.channels.api import answers
from guixin.channels.api.answers import CaseShown, Id, Text
from guixin.channels.api.case_acts import ClosingGiven
from guixin.channels.api.cases import CaseToOpen, arrival_of, customer_for, opening_of
from guixin.channels.api.door import Needs, by, must, now_of, scope
from guixin.channels.api.finding import NotThere, department_named
from guixin.handbook.models import Article
from guixin.handbook.saying import words_for_reply
from guixin.organisation.models import Scopes
from guixin.serve.answering import answer_at_once
from guixin.serve.overview import sees_all

router = Router(tags=["handbook"])


class CaseAnsweredAtOnce(CaseToOpen):
    """`answer`: what the customer was told; left open, what the article says in the customer's language. `closing`: the
    classification, without which no complaint is closed."""

    answer: Text = ""
    article: Id | None = Field(None, description="The article of the handbook that answered it.")
    closing: ClosingGiven = ClosingGiven(department=None)


@router.post(
    "/answered", auth=Needs(Scopes.CASES_WRITE), response={201: CaseShown}, summary="A case answered at once"
)
def answered(request: HttpRequest, response: HttpResponse, given: CaseAnsweredAtOnce):
    """Opened, told and closed in one step: it counts as first-contact resolution, and the case says what answered it."""
    must(sees_all(scope(request)))
    article = _article(request, given.article) if given.article is not None else None
    customer, _is_new = customer_for(request, given.customer)
    language = customer.language if customer else given.language
    words = given.answer.strip() or (words_for_reply(article, language) if article else "")
    said = given.closing.model_dump()
    said["department"] = department_named(said["department"]) if said["department"] else None
    case = answer_at_once(
        arrival_of(given, customer), words, by=by(request), now=now_of(request), article=article,
        opening=opening_of(given), **said,
    )  # fmt: skip
    response["Location"] = f"/api/cases/{case.number}"
    return Status(201, answers.case(case))


def _article(request: HttpRequest, pk: int) -> Article:
    in_force = Article.objects.visible_to(by(request)).in_force(timezone.localdate(now_of(request)))
    found = in_force.filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no article %s that holds today.") % pk)
    return found
