"""The style sheets a page lists, and its scripts, read in one go."""

import gzip

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.html import escape

PAIR = (
    '{% load web static %}{% onesheet %}<link href="{% static "web/css/layers.css" %}">'
    '<link href="{% static "web/css/tokens.css" %}">{% endonesheet %}'
)


SCRIPTS = (
    '{% load web static %}{% onescript %}<script src="{% static "django_htmx/htmx-2.min.js" %}" defer></script><p>!</p>'
    '<script type="module" src="{% static "web/js/live.js" %}"></script>{% endonescript %}'
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

    def test_is_compressed_once(self):
        small = Client().get(address(), headers={"Accept-Encoding": "gzip"})

        assert small["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.content) == Client().get(address()).content


class TestOneScript:
    def test_stands_for_all_and_leaves_what_else_is_there(self):
        shown = Template(SCRIPTS).render(Context())

        assert shown.count("<script") == 1
        assert "<p>!</p>" in shown

    def test_hides_the_names_of_each_from_the_others(self):
        answer = Client().get("/scripts.js", {"of": "web/js/panes.js web/js/live.js"})

        assert answer.content.decode().count("try {\n// ") == 2
        assert answer["Content-Type"].startswith("text/javascript")

    @pytest.mark.parametrize("of", ["", "web/css/base.css", "../settings.py"])
    def test_gives_nothing_but_our_scripts(self, of):
        assert Client().get("/scripts.js", {"of": of}).status_code == 404
