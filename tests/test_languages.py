"""Every page says what it says in the language of its reader, and nothing besides.

Nobody can list all the words of another language, so no list of words is asked. Whatever goes through the catalogue is
marked: each of its letters becomes one of an alphabet that stands for the reader's language. Whatever people and the
firm wrote becomes letters of a third alphabet. What is then still Latin or Chinese on a page was said past the
catalogue; a mark of another language was said too early, before anybody knew who reads. Whether the catalogue itself is
in its language is asked of the catalogue.
"""

import re
import sys
from collections import Counter as Tally
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.template import engines
from django.utils import translation

from guixin.channels.importing import jobs
from guixin.channels.models import Import
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Private
from guixin.serve.tests import make
from guixin.web.languages import in_traditional
from guixin.web.translations import PACKAGE, catalogs
from tests.security.addresses import PAGES
from tests.security.addresses.roles import NOBODY
from tests.security.planting import UNTOUCHED, is_theirs
from tests.security.world import World, browser

# The first of 32 letters each, of scripts without capitals: Hangul, Yi and Vai. What people wrote is Ethiopic.
MARKS = {"zh-hans": 0xAC00, "zh-hant": 0xA000, "en": 0xA500}
LETTERS = 32
THEIRS = "ዳ"
# What a sentence holds that is not words: places to fill in, tags and entities.
NOT_WORDS = re.compile(r"(%\(\w+\)[\d.]*[a-z]|%[a-z%]|\{\w*\}|<[^>]*>|&[#\w]+;)")
# No word of any language, whoever reads: names of events and scopes, addresses, moments, secrets.
CODE = re.compile(r"\w+(?:[._:/@+]+[\w-]+)+[/…]*|(?:/\w+)+|\w*\d\w*|\w+_\w*")
# One letter alone is a grade or a place in a list.
LATIN, HAN = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}"), re.compile(r"[\u3400-\u9fff]+")
SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_READ = {"script", "style", "code", "kbd", "samp", "textarea", "template"}


def marked(words: str, language: str) -> str:
    """Every letter of a sentence turned into the mark of its language; what is filled in later stays."""
    first = MARKS[language]
    pieces = NOT_WORDS.split(words)
    return "".join(
        piece
        if at % 2
        else "".join(chr(first + ord(letter) % LETTERS) if letter.isalpha() else letter for letter in piece)
        for at, piece in enumerate(pieces)
    )


class Reader(HTMLParser):
    """What a page says to whoever reads or hears it: texts, and attributes that are spoken or shown.

    Not what says of itself that it is no language: code, keys, `translate="no"`, and parts in a `lang` of their own."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []  # the elements around, and whether they are read
        self._language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = dict(attributes)
        if tag == "html":
            self._language = has.get("lang") or ""
        reads = self._reads() and tag not in NOT_READ and has.get("translate") != "no"
        reads = reads and has.get("lang", self._language) == self._language
        if reads:
            words = [
                *SPOKEN,
                *(name for name in has if name.startswith("data-") and name.endswith(("words", "copied"))),
            ]
            if tag == "input" and has.get("type") in ("submit", "button", "reset"):
                words.append("value")
            self.said += [has[name] or "" for name in words if name in has]
        if tag not in VOID:
            self._open.append((tag, reads))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._reads() and data.strip():
            self.said.append(data.strip())

    def _reads(self) -> bool:
        return not self._open or self._open[-1][1]


def strange(said: str, language: str) -> str:
    """The part of it that is no word of the reader's language; nothing if all is well."""
    for other, first in MARKS.items():
        if other != language and any(first <= ord(letter) < first + LETTERS for letter in said):
            return f"a word said in {other}"
    if language == "en":
        found = HAN.findall(said)
    else:
        found = LATIN.findall(CODE.sub(" ", said))
        if language == "zh-hant":
            found += [each for each in HAN.findall(said) if in_traditional(each) != each]
    return " ".join(found)


@pytest.fixture
def told(db, settings, tmp_path, monkeypatch) -> Iterator[World]:
    """A world in which all that was written is theirs, and all that is said is marked."""
    settings.MEDIA_ROOT = tmp_path
    set_virtual_clock(make.NOON)
    world = World()
    for model in apps.get_models():
        if model._meta.app_label in UNTOUCHED or not model._meta.managed:
            continue
        for field in model._meta.local_concrete_fields:
            if (
                isinstance(field, models.TextField | models.CharField)
                and not field.choices
                and is_theirs(model, field.name)
            ):
                _write(model, field)
            elif isinstance(field, models.JSONField):
                _write_within(model, field)
    _write_beside_the_ledger()
    for run in Import.objects.exclude(stored_as=""):
        jobs.stored_file(run).write_text(f"{THEIRS},{THEIRS * 2}\n{THEIRS},1\n", encoding="utf-8")
    real = translation._trans
    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        _mark(monkeypatch, real, name, getattr(real, name))
    _forget_words()
    yield world
    _forget_words()


def _forget_words() -> None:
    """Words that were put together once for each language: those of before are not marked, and ours are."""
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    for name, module in list(sys.modules.items()):
        if name.startswith("guixin."):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()


def _mark(monkeypatch, real, name: str, say) -> None:
    monkeypatch.setattr(real, name, lambda *words: marked(say(*words), translation.get_language() or "en"))


def _write(model, field) -> None:
    if field.unique or isinstance(field, models.URLField | models.SlugField | models.UUIDField):
        return
    try:
        with transaction.atomic():
            model.objects.exclude(**{field.name: ""}).update(**{field.name: THEIRS * 2})
    except DatabaseError:
        for pk in model.objects.exclude(**{field.name: ""}).values_list("pk", flat=True):
            model.objects.filter(pk=pk).update(**{field.name: f"{THEIRS}{pk}"})


def _write_within(model, field) -> None:
    """A draft of rules and the like: what is Chinese in it is theirs; the rest is names of ours."""
    for pk, held in model.objects.values_list("pk", field.name):
        model.objects.filter(pk=pk).update(**{field.name: _theirs(held)})


def _write_beside_the_ledger() -> None:
    """What was said in an act stands in the story of its case. It is written once, so it is taken out and put back."""
    said = list(Private.objects.all())
    Private.objects.all().delete()
    for each in said:
        each.payload = _theirs(each.payload)
    Private.objects.bulk_create(said)


def _theirs(held):
    if isinstance(held, dict):
        return {name: _theirs(value) for name, value in held.items()}
    if isinstance(held, list):
        return [_theirs(value) for value in held]
    return HAN.sub(THEIRS, held) if isinstance(held, str) else held


@pytest.mark.django_db
@pytest.mark.parametrize("language", MARKS)
class TestEveryPage:
    def test_says_everything_in_the_language_of_its_reader(self, told, language):
        wrong: dict[str, set[str]] = {}
        for role in ("he", NOBODY):
            client = browser(role)
            for example, address in PAGES.items():
                if address.looks is None or (role == NOBODY and not address.is_public):
                    continue
                answer = client.get(example.format(**told["quality"]), headers={"accept-language": language})
                if not address.looks(role, "quality") and answer.status_code not in address.answers:
                    wrong.setdefault(f"status {answer.status_code}", set()).add(example)
                if not answer.get("Content-Type", "").startswith("text/html"):
                    continue
                for said in Reader(answer.content.decode()).said:
                    if found := strange(said, language):
                        wrong.setdefault(f"{found}: {said[:60]}", set()).add(example)
        assert not wrong, "\n".join(
            f"{what}   {sorted(where)[:3]} {len(where)}" for what, where in wrong.items()
        )


class TestWhatIsSaidPastTheCatalogue:
    """The positive control."""

    PAGE = '<html lang="{}"><title>{}</title><p>{}</p><code>kind = "x"</code><b translate="no">gu</b><a lang="fr">Français</a>'

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-hans", "Save"), ("zh-hans", "3 cases left"), ("zh-hant", "办结"), ("zh-hant", "Save"), ("en", "保存"),
            ("en", "1 个工作日"), ("zh-hans", marked("Save", "en")), ("en", marked("保存", "zh-hans")),
        ],
    )  # fmt: skip
    def test_is_noticed(self, language, words):
        page = self.PAGE.format(language, words, words)

        assert [strange(said, language) != "" for said in Reader(page).said] == [True, True]

    @pytest.mark.parametrize("language", MARKS)
    def test_is_no_code_no_number_and_nothing_of_theirs(self, language):
        page = self.PAGE.format(
            language, "2026-03-05 serve.case_opened", f"{THEIRS} {marked('Save', language)} 12 h"
        )

        assert [strange(said, language) for said in Reader(page).said] == ["", ""]


class TestTheScripts:
    def test_have_no_words_of_their_own(self):
        """They show what the page gave them in data-words and the like."""
        literal = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
        found = {}
        for path in sorted(PACKAGE.glob("*/static/*/js/*.js")):
            code = re.sub(r"(?m)^\s*//.*$|\s//\s.*$", "", path.read_text())
            said = [
                each
                for each in literal.findall(code)
                if HAN.search(each) or re.search(r"\b[A-Z][a-z]+ [a-z]+\b", each)
            ]
            if said:
                found[path.name] = said
        assert not found


WORD = re.compile(r"[A-Za-z]+(?:[-'][A-Za-z]+)*")
QUOTED = re.compile(r"“[^”]*”|「[^」]*」|`[^`]*`|\{[^}]*\}|\[[^\]]*\]")


def words_of(sentence: str) -> set[str]:
    """The English words in it: without what is filled in, quoted or code, abbreviations and single letters."""
    plain = CODE.sub(" ", QUOTED.sub(" ", NOT_WORDS.sub(" ", sentence)))
    return {
        word.lower().removesuffix("'s").removesuffix("s")
        for word in WORD.findall(plain)
        if len(word) > 1 and not word.isupper()
    }


class TestTheCatalogue:
    def test_leaves_no_english_word_in_chinese(self):
        """A word is English if it is said in Chinese elsewhere in the catalogue; a name, such as Excel, is left everywhere."""
        _path, catalogue = next(catalogs())
        both = []
        for message in filter(lambda each: each.id, catalogue):
            ids = [message.id] if isinstance(message.id, str) else message.id
            forms = [message.string] if isinstance(message.string, str) else message.string
            both.append((set().union(*map(words_of, ids)), set().union(*map(words_of, forms)), forms[0]))
        said = Tally(word for english, _chinese, _form in both for word in english)
        left = Tally(word for english, chinese, _form in both for word in english & chinese)
        wrong = {
            form: odd
            for english, chinese, form in both
            if (odd := {word for word in chinese if word not in english or left[word] * 2 <= said[word]})
        }
        assert not wrong

    def test_has_no_chinese_in_english_but_as_an_example_in_quotes(self):
        _path, catalogue = next(catalogs())
        ids = [
            each
            for message in catalogue
            if message.id
            for each in ([message.id] if isinstance(message.id, str) else message.id)
        ]
        assert [each for each in ids if HAN.search(QUOTED.sub("", each))] == []
