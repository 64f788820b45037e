"""Pages that move by themselves, through the real server."""

import re
import socket
from urllib.parse import urlsplit

import httpx

A_CASE = """
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import intake
from guixin.understand.models import Customer
now = database_now()
customer, _new = Customer.objects.for_intake("person", "赵一鸣", [("phone", "13812345678")], now)
case = intake.open_case(intake.Arrival(kind="complaint", subject="{subject}", channel="phone", customer=customer), now=now,
                        by=Person.objects.get(name="顾盼"))
print(case.number)
"""
A_NOTE = """
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import replying
from guixin.serve.models import Case
replying.note(Case.objects.get(number="{number}"), "仓库说明天发", by=Person.objects.get(name="许文静"), now=database_now())
"""


class TestACasePage:
    def test_shows_what_a_colleague_did_without_a_reload(self, visit, the_house):
        number = the_house.run(A_CASE.format(subject="拉链头脱落"))
        page = visit(f"/cases/{number}", as_="顾盼")
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        the_house.run(A_NOTE.format(number=number))

        page.get_by_text("仓库说明天发").first.wait_for()
        assert not any(re.search(rf"/cases/{number}$", url) for url in asked)  # only the part was fetched


class TestTheServer:
    def test_takes_a_posted_form_through_the_bridge(self, the_house):
        with httpx.Client(base_url=the_house.address, timeout=60) as client:
            form = client.get("/complain").text
            token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)[1]
            answer = client.post(
                "/complain", data={"csrfmiddlewaretoken": token, "kind": "complaint", "story": ""}
            )

        assert answer.status_code == 422

    def test_reads_a_query_that_is_not_ascii(self, the_house):
        where = urlsplit(the_house.address)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            wire.sendall(
                "GET /complain?kind=投诉 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            )
            assert wire.recv(100).startswith(b"HTTP/1.1 ")

    def test_lets_nobody_listen_without_a_ticket(self, the_house):
        assert httpx.get(f"{the_house.address}/live?ticket=x", timeout=60).status_code == 204
