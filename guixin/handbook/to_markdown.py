"""HTML from a file as Markdown, so that people can go on writing in it. What Markdown cannot say stays as HTML.

Nothing is lost: the Markdown is rendered again and its words compared with those of the file; where they differ the
whole text stays as (harmless) HTML, which the handbook shows just as well.
"""

import re
from collections.abc import Iterator
from html import escape

from guixin.handbook import markup
from guixin.handbook.html_tree import Node, tree

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|])")
_BEGINS = re.compile(r"^(\s*)([#>+\-=]|\d+[.)])(?=\s|$|=|-)")
_EMPTY_LINE = re.compile(r"\n[ \t]*(?=\n)")
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "strike": "~~"}


def as_markdown(html: str) -> str:
    """`html` as it came; it is made harmless first."""
    harmless = markup.clean(html)
    written = "\n\n".join(filter(None, _blocks(tree(harmless)))).strip()
    if _words(markup.rendered(written)) == _words(harmless):
        return written
    return _as_one_block(harmless)


def _words(html: str) -> str:
    return "".join("".join(tree(html).words()).split())


def _as_one_block(html: str) -> str:
    """HTML that Markdown lets through untouched: a block that begins with a tag and has no empty line in it."""
    solid = _EMPTY_LINE.sub("", html.strip())
    return f"<div>{solid}</div>" if solid else ""


def _blocks(node: Node) -> Iterator[str]:
    line = ""
    for child in node.children:
        if isinstance(child, str) or not child.is_block:
            line += _inline(child)
            continue
        yield _paragraph(line)
        line = ""
        yield from _block(child)
    yield _paragraph(line)


def _block(node: Node) -> Iterator[str]:
    tag = node.tag
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        inner = " ".join(_inside(node).split())
        yield f"{'#' * int(tag[1])} {inner}" if inner else ""
    elif tag in ("ul", "ol"):
        yield _listed(node)
    elif tag == "pre":
        words = "".join(node.words()).strip("\n")
        fence = "`" * max(3, 1 + max((len(each) for each in re.findall("`+", words)), default=0))
        yield f"{fence}\n{words}\n{fence}"
    elif tag == "blockquote":
        inner = "\n\n".join(filter(None, _blocks(node)))
        yield "\n".join(f"> {each}".rstrip() for each in inner.split("\n"))
    elif tag == "hr":
        yield "---"
    elif tag == "table":
        yield _table(node) or _html(node)
    elif tag == "dl":
        yield _html(node)
    else:
        yield from _blocks(node)


def _paragraph(line: str) -> str:
    lines = [" ".join(each.split()) for each in line.strip().split("\n")]
    return "\n".join(_BEGINS.sub(_no_mark, each) for each in lines if each)


def _no_mark(found: "re.Match[str]") -> str:
    """What would begin a list or a heading begins a sentence; of a number only the point can be escaped."""
    return f"{found[1]}{found[2][:-1]}\\{found[2][-1]}"


def _listed(node: Node) -> str:
    start = node.attributes.get("start", "1")
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    items = []
    for item in node.children:
        if isinstance(item, Node) and item.tag == "li":
            mark = f"{number}. " if node.tag == "ol" else "- "
            number += 1
            parts = [each for each in _blocks(item) if each]
            # A list of lists stays tight: only a second paragraph needs an empty line.
            body = "".join(
                each if not at else ("\n" if _is_list(each) else "\n\n") + each
                for at, each in enumerate(parts)
            )
            items.append(mark + body.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(items)


def _is_list(block: str) -> bool:
    return bool(re.match(r"(- |\d+\. )", block))


def _table(node: Node) -> str:
    """A table of plain cells; nothing for one that Markdown cannot draw."""
    rows = [each for each in node.nodes() if each.tag == "tr"]
    cells = [[cell for cell in row.children if isinstance(cell, Node)] for row in rows]
    if not cells or len({len(row) for row in cells}) != 1 or not cells[0]:
        return ""
    for cell in (each for row in cells for each in row):
        below = [each.tag for each in cell.nodes()][1:]
        paragraphs = below.count("p")
        if {"colspan", "rowspan"} & set(cell.attributes) or paragraphs > 1:
            return ""
        if any(tag in ("ul", "ol", "table", "pre", "br", "blockquote", "dl") for tag in below):
            return ""
    if any(each.tag == "caption" for each in node.nodes()):
        return ""
    lines = ["| " + " | ".join(" ".join(_inside(cell).split()) for cell in row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]])


def _inside(node: Node) -> str:
    return "".join(_inline(child) for child in node.children)


def _inline(child: "Node | str") -> str:
    if isinstance(child, str):
        return _SPECIAL.sub(r"\\\1", child.replace("\n", " ").replace("&", "&amp;"))
    if child.tag == "br":
        return "\n"
    if child.tag == "img":
        source = child.attributes.get("src", "")
        words = _SPECIAL.sub(r"\\\1", " ".join(child.attributes.get("alt", "").split()))
        return f"![{words}]({source})" if source else words
    inner = _inside(child)
    if child.tag == "a" and (href := child.attributes.get("href", "")) and inner.strip():
        return f"[{inner}](<{href.replace('<', '%3C').replace('>', '%3E')}>)"
    if child.tag in _MARKS and inner.strip() and "\n" not in inner:
        # Chinese punctuation beside ** ends no emphasis in CommonMark; the tag always does.
        return f"<{child.tag}>{inner}</{child.tag}>" if _is_edgy(inner) else _marked(child.tag, inner)
    if child.tag in ("sub", "sup", "u", "ins", "kbd", "mark", *_MARKS):
        return f"<{child.tag}>{inner}</{child.tag}>"
    if child.tag == "code":
        words = "".join(child.words()).replace("\n", " ")
        return f"`{words}`" if words.strip() and "`" not in words else inner
    return inner


def _is_edgy(inner: str) -> bool:
    """Whether it begins or ends with something that is no letter and no digit."""
    return not (inner.strip()[0].isalnum() and inner.strip()[-1].isalnum())


def _marked(tag: str, inner: str) -> str:
    mark, words = _MARKS[tag], inner.strip()
    before = " " if inner[0].isspace() else ""
    after = " " if inner[-1].isspace() else ""
    return f"{before}{mark}{words}{mark}{after}"


def _html(node: Node) -> str:
    """The node as HTML in one line."""

    def written(each: "Node | str") -> str:
        if isinstance(each, str):
            return escape(each.replace("\n", " "), quote=False)
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in each.attributes.items())
        if each.tag in ("br", "hr", "img"):
            return f"<{each.tag}{attributes}>"
        return f"<{each.tag}{attributes}>{''.join(map(written, each.children))}</{each.tag}>"

    return written(node)
