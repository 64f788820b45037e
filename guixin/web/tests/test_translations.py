import pytest

from guixin.web import translations


class TestTheTranslations:
    @pytest.fixture
    def template(self, tmp_path):
        page = tmp_path / "page.html"
        page.write_text(
            '{% load i18n %}<p>it\'s</p>\n  {% translate "Open" %}\n'
            "{% blocktranslate with name=x %}Hello {{ name }}{% endblocktranslate %}\n"
            "    {% translate 'Close' context 'door' %}"
        )
        return page

    def test_are_found_in_templates(self, template):
        found = [
            (message, context) for _line, message, _comments, context in translations.messages_in(template)
        ]

        assert found == [("Open", None), ("Hello %(name)s", None), ("Close", "door")]

    def test_are_found_in_code(self, tmp_path):
        code = tmp_path / "code.py"
        code.write_text(
            '_("Open")\nngettext("%d case", "%d cases", n)\npgettext("door", "Close")\nprint("no")\n'
        )

        assert [message for _line, message, *_rest in translations.messages_in(code)] == [
            "Open", ("%d case", "%d cases"), "Close",
        ]  # fmt: skip

    def test_with_other_placeholders_are_refused(self):
        from babel.messages.catalog import Message

        wanted, wrong = Message("%(n)s left"), Message("%(n)s left", "剩 %(m)s")

        assert "other placeholders" in translations._problems("zh_Hans", wanted, wrong)[0]
        assert translations._problems("zh_Hans", wanted, Message("%(n)s left", "剩 %(n)s")) == []

    def test_that_are_only_a_guess_are_refused(self):
        from babel.messages.catalog import Message

        guessed = Message("%(n)s left", "剩 %(n)s", flags={"fuzzy"})

        assert "fuzzy" in translations._problems("zh_Hans", Message("%(n)s left"), guessed)[0]
