"""S6: whatever a page asks for, making a PDF of it opens no socket and reads no file."""

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from guixin.web import pdf

pytestmark = pytest.mark.skipif(bool(pdf.ailment()), reason=str(pdf.ailment()))

HTTP, FILE = "http://127.0.0.1:9/x", "file:///etc/passwd"
VECTORS = [
    f'<img src="{HTTP}">',
    f'<img src="{FILE}">',
    '<img src="/etc/passwd">',
    '<img src="//127.0.0.1:9/x">',
    f'<img srcset="{HTTP} 2x">',
    f'<picture><source srcset="{HTTP}"><img src="{FILE}"></picture>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>\">",
    f'<link rel="stylesheet" href="{HTTP}">',
    f'<link rel="stylesheet" href="{FILE}">',
    f'<link rel="attachment" href="{FILE}">',
    f'<link rel="attachment" href="{HTTP}" title="a">',
    f'<a rel="attachment" href="{FILE}">a</a>',
    f'<link rel="icon" href="{HTTP}"><link rel="preload" href="{HTTP}" as="image">',
    f"<style>@import '{HTTP}';</style>",
    f"<style>@import url({FILE});</style>",
    f"<style>@font-face{{font-family:x;src:url({FILE})}} p{{font-family:x}}</style><p>a</p>",
    f"<style>@font-face{{font-family:y;src:url({HTTP}) format('woff2')}} p{{font-family:y}}</style><p>a</p>",
    "<style>@font-face{font-family:z;src:local('DejaVu Sans'),url(file:///etc/passwd)} p{font-family:z}</style><p>a</p>",
    f'<p style="background:url({HTTP})">a</p>',
    f'<p style="background-image:url({FILE})">a</p>',
    f'<ul style="list-style-image:url({HTTP})"><li>a</ul>',
    f'<p style="border-image:url({FILE}) 30">a</p>',
    f'<p style="content:url({HTTP})">a</p>',
    f"<style>p::before{{content:url({FILE})}}</style><p>a</p>",
    f"<style>p::before{{content:target-text(url({HTTP}))}}</style><p>a</p>",
    f"<style>@page{{background:url({HTTP});@top-center{{content:url({FILE})}}}}</style>",
    f'<p style="mask-image:url({HTTP});cursor:url({HTTP}),auto;filter:url({FILE})">a</p>',
    f'<svg width="9" height="9"><image href="{FILE}" width="9" height="9"/></svg>',
    f'<svg width="9" height="9"><image xlink:href="{HTTP}" width="9" height="9"/></svg>',
    f'<svg width="9" height="9"><use href="{FILE}#a"/></svg>',
    f'<svg width="9" height="9"><use href="{HTTP}#a"/></svg>',
    f'<svg width="9" height="9"><style>@import url({HTTP});</style><rect fill="url({FILE}#a)" width="9" height="9"/></svg>',
    f'<svg><script href="{HTTP}"/><foreignObject><iframe src="{FILE}"></iframe></foreignObject></svg>',
    f'<object data="{FILE}"></object><embed src="{HTTP}">',
    f'<iframe src="{FILE}"></iframe><frame src="{HTTP}">',
    f'<video poster="{HTTP}" src="{FILE}"></video><audio src="{HTTP}"></audio>',
    f'<script src="{HTTP}"></script><script>fetch("{HTTP}")</script>',
    f'<base href="{HTTP}"><img src="a.png">',
    f'<meta http-equiv="refresh" content="0;url={HTTP}">',
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>',
    f'<input type="image" src="{HTTP}"><body background="{FILE}"><table background="{HTTP}"><tr><td>a',
    f'<?xml-stylesheet href="{HTTP}"?><math href="{FILE}"><mglyph src="{HTTP}"/></math>',
]  # fmt: skip

_watching: list | None = None
_OURS = tuple(str(Path(place).resolve()) for place in {sys.prefix, sys.base_prefix, *filter(None, sys.path)})


def _hear(event: str, arguments: tuple) -> None:
    if _watching is None:
        return
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        _watching.append((event, str(arguments[-1])))
    elif (event == "open" and not _is_code(arguments[0]) and not _is_scratch(arguments[0])) or event in (
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "urllib.Request",
    ):
        _watching.append((event, str(arguments[0])))


def _is_code(path) -> bool:
    """A module that is imported late, which says nothing about the page."""
    text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
    return text.endswith((".py", ".pyc", ".so")) and text.startswith(_OURS)


def _is_scratch(path) -> bool:
    """The renderer's own folder for fonts, emptied whenever Python collects its garbage."""
    text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
    return Path(text).name.startswith("weasyprint-") and Path(text).parent == Path(tempfile.gettempdir())


sys.addaudithook(_hear)  # can never be taken away again, so it listens only while `watched`


@pytest.fixture
def watched():
    global _watching
    pdf.render("<p>投诉</p>", "")  # everything that is loaded once is loaded
    _watching = []
    yield _watching
    _watching = None


class TestMakingAPdf:
    @pytest.mark.parametrize("vector", VECTORS)
    def test_reads_nothing_and_connects_to_nothing(self, watched, vector):
        content = pdf.render(f"<html><body><p>前</p>{vector}<p>后</p></body></html>", "p { color: red }")

        assert content.startswith(b"%PDF-")
        assert watched == []
        assert b"root:x:" not in content

    @pytest.mark.parametrize("url", [HTTP, FILE])
    def test_reads_nothing_for_its_style_either(self, watched, url):
        pdf.render("<p>a</p>", f"@import url({url}); p {{ background: url({url}) }}")

        assert watched == []

    def test_takes_no_longer_for_all_of_them_at_once(self, watched):
        began = time.monotonic()

        pdf.render(f"<html><body>{''.join(VECTORS)}</body></html>", "")

        assert watched == []
        assert time.monotonic() - began < 60  # each that was asked for would hang for as long

    def test_hears_what_is_read_and_connected(self, watched, tmp_path):
        """The positive control: the ear is not deaf."""
        import socket

        (tmp_path / "a").write_text("a")
        with socket.socket() as probe:
            probe.connect_ex(("127.0.0.1", 9))

        assert {event for event, _what in watched} >= {"open", "socket.connect"}

    def test_says_what_is_missing(self, monkeypatch):
        pdf._missing.cache_clear()
        monkeypatch.setattr(pdf, "_lacks_chinese", lambda: True)
        try:
            with pytest.raises(pdf.CannotPrint, match="no Chinese font"):
                pdf.render("<p>a</p>", "")
        finally:
            pdf._missing.cache_clear()

    def test_notices_a_character_no_font_has(self, monkeypatch):
        monkeypatch.setattr(pdf, "CHINESE", "\U000f0000")

        assert pdf._lacks_chinese()
