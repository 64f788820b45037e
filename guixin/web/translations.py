"""Translations without gettext installed: `python -m guixin.web.translations extract|compile|check`.

extract   collect every msgid of the Python code and the templates, and bring the .po files up to date;
          what is translated stays, what is no longer said goes
compile   write the .mo files the server reads (they are not kept in the repository); 繁體 is made here from 简体,
          except for what zh_Hant's own .po says otherwise
check     fail when a msgid has no translation, or one whose placeholders differ
"""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from guixin.web.languages import in_traditional

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "locale"
SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"
LEFT_OUT = {"tests", "migrations", "locale"}
ONE, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, tuple | None] = {
    "_": ONE, "gettext": ONE, "gettext_lazy": ONE, "gettext_noop": ONE, "gettext_now": ONE,
    "ngettext": PLURAL, "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT, "pgettext_lazy": CONTEXT, "npgettext": CONTEXT_PLURAL,
}  # fmt: skip
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: guixin\\n"
"Language: %(locale)s\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[a-z]|\{\w*\}")


def sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not LEFT_OUT & set(path.relative_to(PACKAGE).parts):
            yield path


def collect() -> Catalog:
    """Every msgid in the code, with the files it stands in."""
    catalog = Catalog(domain="django", charset="utf-8", fuzzy=False)
    for path in sources():
        where = path.relative_to(PACKAGE.parent).as_posix()
        for _line, message, comments, context in messages_in(path):
            catalog.add(message, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalog


def messages_in(path: Path) -> Iterator:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns the tags into calls and everything else into X; only the indentation is not Python.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    return extract("python", BytesIO(text.encode()), keywords=KEYWORDS)


def catalogs() -> Iterator[tuple[Path, Catalog]]:
    """The complete catalogues; 繁體 as it will be compiled."""
    simplified = None
    for language in (SIMPLIFIED, TRADITIONAL):
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            catalog = read_po(file, locale=language, domain="django")
        simplified = simplified or catalog
        yield path, catalog if catalog is simplified else traditional(simplified, catalog)


def traditional(simplified: Catalog, exceptions: Catalog) -> Catalog:
    """简体 turned into 繁體; a message that `exceptions` holds is taken from there."""
    turned = Catalog(locale=TRADITIONAL, domain="django", charset="utf-8", fuzzy=False)
    for message in simplified:
        if message.id:
            own = exceptions.get(message.id, message.context)
            turned.add(
                message.id,
                own.string if own else _each(in_traditional, message.string),
                locations=message.locations,
                context=message.context,
            )
    return turned


def _each(change: Callable[[str], str], words: str | Sequence[str] | None) -> str | tuple[str, ...]:
    return change(words) if isinstance(words, str) else tuple(change(form) for form in words or ())


def write(path: Path, catalog: Catalog) -> None:
    """Sorted, without dates or line numbers, so that a change shows what changed and nothing else."""
    text = BytesIO()
    write_po(text, catalog, width=0, sort_output=True, include_lineno=False, omit_header=True)
    path.write_text(HEADER % {"locale": path.parts[-3]} + text.getvalue().decode(), encoding="utf-8")


def do_extract() -> list[str]:
    path, catalog = next(catalogs())
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(path, catalog)
    return []


def do_compile() -> list[str]:
    for path, catalog in catalogs():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
    return []


def do_check() -> list[str]:
    """What is wrong, a line each."""
    found = collect()
    problems: list[str] = []
    for path, catalog in catalogs():
        if not problems:  # 繁體 lacks what 简体 lacks; it is said once
            for message in filter(lambda each: each.id, found):
                problems += _problems(path.parts[-3], message, catalog.get(message.id, message.context))
    return problems


def _problems(language: str, wanted, translated) -> list[str]:
    ids = [wanted.id] if isinstance(wanted.id, str) else list(wanted.id)
    msgid = ids[0]
    where = wanted.locations[0][0] if wanted.locations else ""
    words = translated.string if translated else ""
    forms = [words] if isinstance(words, str) else list(words)
    if not forms or not all(forms):
        return [f"{language}: not translated: {msgid!r} ({where})"]
    if translated.fuzzy:  # it would not be compiled, and readers would meet English
        return [f"{language}: only a guess, marked fuzzy: {msgid!r} ({where})"]
    # A language with one form for all numbers says what English says of many.
    right = [set(_PLACEHOLDER.findall(each)) for each in ids]
    if any(set(_PLACEHOLDER.findall(form)) not in right for form in forms):
        return [f"{language}: other placeholders than in {msgid!r} ({where})"]
    return []


def main(arguments: list[str]) -> int:
    acts = {"extract": do_extract, "compile": do_compile, "check": do_check}
    if len(arguments) != 1 or arguments[0] not in acts:
        print(__doc__, file=sys.stderr)
        return 2
    problems = acts[arguments[0]]()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
