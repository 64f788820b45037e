"""Every path of the API, a file an area: (method, path, body, status for whoever is named, who)."""

from guixin.channels.api.tests.calls.cases import CASES
from guixin.channels.api.tests.calls.customers import CUSTOMERS
from guixin.channels.api.tests.calls.firm import FIRM
from guixin.channels.api.tests.calls.surveys import SURVEYS

CALLS = [*CASES, *CUSTOMERS, *SURVEYS, *FIRM]
