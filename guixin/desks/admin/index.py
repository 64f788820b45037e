from django.http import HttpResponse

from guixin.desks.admin.access import administrators
from guixin.desks.admin.holidays import missing_year
from guixin.desks.admin.menu import MENU
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now


@administrators
def index(request: SignedIn) -> HttpResponse:
    now = database_now()
    return page(request, "desks/admin/index.html", {"menu": MENU, "missing": missing_year(now), "now": now})
