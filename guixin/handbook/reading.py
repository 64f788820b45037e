"""Articles from files people have already: Word, Markdown, HTML, plain text. Several at once; a broken one says why.

The pictures of a file become files of the article, and the file itself goes with it, so nothing is lost even where a
format can say more than we show. Two files that differ only in `.zh` and `.en` before the ending are one article.
"""

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.handbook import filing, markup, writing
from guixin.handbook.html_tree import tree
from guixin.handbook.models import Article
from guixin.handbook.to_markdown import as_markdown
from guixin.organisation.models import Person
from guixin.web.file_names import shown_name
from guixin.web.kept_files import AT_ONCE, LARGEST, MEGABYTE, CannotAttach, Kept, keep_bytes
from guixin.web.refusals import Refused

LARGEST_UNPACKED = 200 * MEGABYTE
WORD, MARKDOWN, HTML, TEXT = "word", "markdown", "html", "text"
ENDINGS = {
    ".docx": WORD, ".md": MARKDOWN, ".markdown": MARKDOWN, ".html": HTML, ".htm": HTML, ".txt": TEXT,
}  # fmt: skip
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_LANGUAGE = re.compile(r"[._-](zh|en)$", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([a-z0-9_-]+)", re.I)
_DATA = re.compile(r"""(<img\b[^>]*?\bsrc\s*=\s*)(["'])data:image/[a-z+.-]+;base64,([^"']+)\2""", re.I)
_ELSEWHERE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*["'](https?://[^"']+)["'][^>]*>""", re.I)
_ALT = re.compile(r"""\balt\s*=\s*["']([^"']*)["']""", re.I)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$")


class CannotRead(Refused):
    """The file cannot be made an article, and what to do about it."""

    about_input = True


@dataclass
class Page:
    """One file as it was understood. `files`: what its text names by `attached:<id>`, and the file itself."""

    name: str
    title: str
    markdown: str
    language: str  # zh or en
    files: list[Kept] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what whoever imports it should look at


@dataclass
class Outcome:
    """What became of one file: a draft, or the sentence that says why not."""

    name: str
    article: Article | None = None
    refusal: str = ""
    notes: list[str] = field(default_factory=list)


def take_in(
    uploads: Sequence[Any], *, by: Person, now: datetime, kind: str, audience: str = "staff", topic: str = ""
) -> list[Outcome]:
    """Make a draft of each file (name, size, read()), in the order they were chosen. One that cannot be read stops no other."""
    uploads = [each for each in uploads if each]
    if not uploads:
        raise CannotAttach(_("Choose a file first."))
    if len(uploads) > AT_ONCE:
        raise CannotAttach(_("Send at most %(count)s files at once.") % {"count": AT_ONCE})
    outcomes: list[Outcome] = []
    pages: dict[str, list[Page]] = {}
    for each in uploads:
        name = shown_name(each.name or "")
        try:
            page = read(name, each.read(LARGEST + 1))
        except Refused as refusal:
            outcomes.append(Outcome(name, refusal=str(refusal)))
            continue
        pages.setdefault(_together(name), []).append(page)
    outcomes += [
        _drafted(several, by=by, now=now, kind=kind, audience=audience, topic=topic)
        for group in pages.values()
        for several in _pairs(group)
    ]
    order = {shown_name(each.name or ""): at for at, each in enumerate(uploads)}
    return sorted(outcomes, key=lambda one: order.get(one.name, 0))


def _together(name: str) -> str:
    """Files with the same of these are one article, if they speak different languages."""
    path = PurePosixPath(name)
    return _LANGUAGE.sub("", path.stem).casefold() if _LANGUAGE.search(path.stem) else name


def _pairs(group: list[Page]) -> Iterable[list[Page]]:
    """A Chinese and an English one together; whatever else has the same name by itself."""
    while group:
        first = group.pop(0)
        other = next((each for each in group if each.language != first.language), None)
        if other is not None:
            group.remove(other)
        yield [first, *([other] if other else [])]


def _drafted(
    pages: list[Page], *, by: Person, now: datetime, kind: str, audience: str, topic: str
) -> Outcome:
    words: dict[str, str] = {}
    for page in pages:
        words |= {f"title_{page.language}": page.title, f"text_{page.language}": page.markdown}
    name, notes = pages[0].name, [note for page in pages for note in page.notes]
    try:
        with transaction.atomic():
            article = writing.begin(kind, words, by=by, now=now, audience=audience, topic=topic)
            filing.add(article, [kept for page in pages for kept in page.files], by=by, now=now)
    except Refused as refusal:
        return Outcome(name, refusal=str(refusal))
    return Outcome(name, article, notes=notes)


def read(name: str, content: bytes) -> Page:
    """One file. Raises CannotRead with what to do about it."""
    kind = ENDINGS.get(PurePosixPath(name).suffix.casefold())
    if kind is None:
        if name.casefold().endswith((".doc", ".wps")):
            raise CannotRead(
                _("“%(name)s”: an old Word file cannot be read; open it in Word and save it as .docx.")
                % {"name": name}
            )
        raise CannotRead(
            _("“%(name)s”: this is no Word (.docx), Markdown, HTML or text file.") % {"name": name}
        )
    if len(content) > LARGEST:
        raise CannotRead(
            _("“%(name)s” is larger than %(size)s MB. Send a smaller file.")
            % {"name": name, "size": LARGEST // MEGABYTE}
        )
    if not content.strip():
        raise CannotRead(_("“%(name)s”: the file is empty.") % {"name": name})
    if kind == WORD:
        html, files, notes = _word(name, content)
        found, files_in_text, more = _from_html(html)
        files, notes = [*files, *files_in_text], [*notes, *more]
    elif kind == HTML:
        found, files, notes = _from_html(_decoded(name, content, _CHARSET.search(content[:2000])))
    else:
        found, files, notes = (
            _decoded(name, content).replace("\r\n", "\n").replace("\r", "\n").strip(),
            [],
            [],
        )
    title, rest = _title_and_rest(found, PurePosixPath(name).stem, is_text=kind == TEXT)
    if not rest and not files:
        rest = title
    words = "".join(tree(markup.rendered(rest)).words()).strip()
    if not words and not files:
        raise CannotRead(_("“%(name)s”: there are no words in this file.") % {"name": name})
    return Page(
        name, title, rest, _language(name, title + words), [*files, keep_bytes(content, name)], notes
    )  # fmt: skip


def _decoded(name: str, content: bytes, declared: "re.Match[bytes] | None" = None) -> str:
    """In UTF-8, as Chinese Windows writes, or as the page itself declares."""
    encodings = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif declared:
        encodings.insert(1, declared[1].decode("ascii"))
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if not any(ord(each) < 32 and each not in "\t\n\r\f" for each in text):
            return text
    raise CannotRead(
        _("“%(name)s”: this is no text we can read. Save it in UTF-8 and send it again.") % {"name": name}
    )


def _word(name: str, content: bytes) -> tuple[str, list[Kept], list[str]]:
    import mammoth  # only who imports a Word file pays for loading it

    broken = _("“%(name)s”: this Word file is broken. Open it in Word, save it again and send that.") % {
        "name": name
    }
    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > LARGEST_UNPACKED:
                raise CannotRead(_("“%(name)s”: unpacked, this Word file is too large.") % {"name": name})
            parts = [each for each in archive.namelist() if each.endswith((".xml", ".rels"))]
            if any(b"<!DOCTYPE" in archive.read(each)[:2000] for each in parts):
                raise CannotRead(broken)
            if not any(each.endswith("document.xml") for each in parts):
                raise CannotRead(broken)
    except (BadZipFile, OSError, ValueError, RuntimeError, EOFError, NotImplementedError) as not_a_zip:
        raise CannotRead(broken) from not_a_zip
    files: list[Kept] = []

    def picture(image: Any) -> dict[str, str]:
        with image.open() as held:
            kept = keep_bytes(
                held.read(), f"{_('picture')} {len(files) + 1}.{image.content_type.split('/')[-1]}"
            )
        files.append(kept)
        return {"src": f"{markup.ATTACHED}{kept.id}"}

    try:
        made = mammoth.convert_to_html(BytesIO(content), convert_image=mammoth.images.img_element(picture))
    except Refused:
        raise
    except Exception as broken_inside:  # a library that reads whatever Word ever wrote fails in many ways
        raise CannotRead(broken) from broken_inside
    lost = sorted({each.message for each in made.messages if "unrecognised" not in each.message.casefold()})
    notes = [_("Compare it with the file: some of it may look different.")] if lost else []
    return made.value, files, notes


def _from_html(html: str) -> tuple[str, list[Kept], list[str]]:
    """Markdown; pictures in the page itself become files, those that lie elsewhere links."""
    files: list[Kept] = []
    notes: list[str] = []

    def kept(found: "re.Match[str]") -> str:
        try:
            content = b64decode(found[3], validate=False)
        except (NoBase64, ValueError):
            return found[1] + found[2] + found[2]
        one = keep_bytes(content, f"{_('picture')} {len(files) + 1}")
        files.append(one)
        return f"{found[1]}{found[2]}{markup.ATTACHED}{one.id}{found[2]}"

    def linked(found: "re.Match[str]") -> str:
        alt = _ALT.search(found[0])
        notes.append(_("A picture lies on another site; it became a link."))
        words = alt[1] if alt and alt[1].strip() else _("picture")
        return f'<a href="{found[1]}">{words}</a>'

    html = _ELSEWHERE.sub(linked, _DATA.sub(kept, html))
    return as_markdown(html), files, sorted(set(notes))


def _title_and_rest(markdown: str, file_name: str, *, is_text: bool) -> tuple[str, str]:
    """The first heading is the title and no longer in the text; a file without one is called by its name."""
    first, _newline, rest = markdown.lstrip().partition("\n")
    heading = _HEADING.match(first)
    if heading:
        title = "".join(tree(markup.rendered(heading[1])).words())
    elif is_text and rest.strip() and len(first.strip()) <= writing.LONGEST_TITLE:
        title = first
    else:
        title, rest = _LANGUAGE.sub("", file_name), markdown
    title = " ".join(title.split())
    if len(title) > writing.LONGEST_TITLE:
        title, rest = title[: writing.LONGEST_TITLE - 1] + "…", markdown
    return title or _("Untitled"), rest.strip()


def _language(name: str, text: str) -> str:
    """What the name says, else whether a fair part of it is Chinese."""
    if said := _LANGUAGE.search(PurePosixPath(name).stem):
        return said[1].casefold()
    letters = sum(each.isalpha() for each in text)
    return "zh" if not letters or len(_CHINESE.findall(text)) * 5 >= letters else "en"
