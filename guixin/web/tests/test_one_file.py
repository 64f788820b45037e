"""The style sheets a page lists, read in one go."""

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.html import escape

PAIR = (
    '{% load web static %}{% onesheet %}<link href="{% static "web/css/layers.css" %}">'
    '<link href="{% static "web/css/tokens.css" %}">{% endonesheet %}'
)


def address() -> str:
    shown = Template(PAIR).render(Context())
    assert shown.count("<link") == 1
    return shown.split('href="')[1].split('"')[0].replace("&amp;", "&")


class TestOneSheet:
    def test_has_all_that_are_listed_in_their_order(self):
        answer = Client().get(address())

        text = answer.content.decode()
        assert text.index("@layer reset, tokens") < text.index("--paper")
        assert answer["Content-Type"].startswith("text/css")
        assert "immutable" in answer["Cache-Control"]

    def test_is_not_kept_under_the_address_of_another_version(self):
        answer = Client().get(address().split("&v=")[0] + "&v=older")

        assert answer["Cache-Control"] == "public, no-cache"

    @pytest.mark.parametrize(
        "of", ["", "web/js/live.js", "../settings.py", "/etc/passwd.css", "web/css/none.css", "web/css/reset.css web/css/reset.css"]
    )  # fmt: skip
    def test_gives_nothing_but_our_style_sheets(self, of):
        assert Client().get("/styles.css", {"of": of}).status_code == 404

    def test_is_written_safely_into_the_page(self):
        assert escape(address()) in Template(PAIR).render(Context())
