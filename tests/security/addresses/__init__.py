"""Every address of the product and who is let in: the one place that says so, a file an area. What is missing here fails
the build (test_who_is_let_in.py), so nobody adds a page without deciding this.

An address is written as an example: `{case}` and the like are things of one side of tests/security/world.py, first those
of a case of the quality department, then those of a case of logistics, so that everybody meets their own and a foreign
one. `/live` (channels/live) and `/static/` are no addresses of Django; the first has its own tests beside it.
"""

from tests.security.addresses.acts import ACTS
from tests.security.addresses.api_of_cases import CASES as CASES_BY_API
from tests.security.addresses.api_of_customers import CUSTOMERS
from tests.security.addresses.api_of_firm import FIRM
from tests.security.addresses.api_of_surveys import SURVEYS
from tests.security.addresses.cases import CASES
from tests.security.addresses.console import CONSOLE
from tests.security.addresses.public import PUBLIC
from tests.security.addresses.roles import Address, act, everybody, only, page
from tests.security.addresses.settings import SETTINGS

API_PAGES = {
    "/api/docs": page(everybody),
    "/api/openapi.json": page(everybody),
    "/api/": page(only(set(), 404), only(set(), 404)),  # only the name of the root, for reversing
    "/api/nowhere": page(only(set(), 404), only(set(), 404)),
}

API = {**CASES_BY_API, **CUSTOMERS, **SURVEYS, **FIRM}

PAGES: dict[str, Address] = {
    **CONSOLE, **{address: act(who) for address, who in ACTS.items()}, **CASES, **PUBLIC, **SETTINGS, **API_PAGES,
}  # fmt: skip

# What a look may write, with the reason. Everything else that a GET changes is a fault.
MAY_CHANGE_BY_LOOKING = {
    "handbook_question": "which words were looked for, without who looked",
    "serve_viewcount": "that somebody has this view before them, so that a worker counts it for them",
    "organisation_apikey": "the day a key was last used",
    "django_session": "a session made for a toast",
}
