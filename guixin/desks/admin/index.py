from django.http import HttpResponse

from guixin.desks.admin.access import administrators
from guixin.desks.admin.menu import MENU
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page


@administrators
def index(request: SignedIn) -> HttpResponse:
    return page(request, "desks/admin/index.html", {"menu": MENU})
