"""Stories of the demonstration told one by one, and read as its people read them."""

import re
from datetime import datetime, timedelta
from html import unescape
from random import Random
from zoneinfo import ZoneInfo

from django.test import Client

from guixin.organisation.models import Person

WEDNESDAY = datetime(2026, 11, 18, 11, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


class Teller:
    """Tells one scenario under numbers of its own."""

    def __init__(self, cast):
        from demo import ninety_days
        from demo.telling import Telling

        self.cast = cast
        self.customers = ninety_days.known_customers(WEDNESDAY - timedelta(days=91))
        self.told = Telling(cast, WEDNESDAY, Random(7))

    def tell(self, planned, thread):
        from demo.telling import count_numbers_here

        count_numbers_here()
        places = [getattr(each, "place", each) for each in planned]
        for number, place in enumerate(places, 1):
            place.number = number
        self.told.begin(places[0].at, thread)
        self.told.run()


class Pages:
    """What people of the firm read of one story."""

    def __init__(self, case, reseller=None):
        self.case, self.reseller = case, reseller
        self._clients = {}

    def client(self, login):
        if login not in self._clients:
            client = Client(headers={"accept-language": "en"})
            client.force_login(
                Person.objects.get(login=login), backend="guixin.organisation.signing_in.WorkersBackend"
            )
            self._clients[login] = client
        return self._clients[login]

    def get(self, login, address):
        answer = self.client(login).get(address)
        assert answer.status_code == 200, address
        return answer

    def read(self, login, address):
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.get(login, address).content.decode())).split())

    def section(self, login, address, name):
        """The part of the page under a name: its markup up to the end of the section."""
        page = self.get(login, address).content.decode()
        return page[page.index(f'id="{name}"') :].split("</section>")[0]
