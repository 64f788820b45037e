"""Harmless HTML as a tree, and as the words a person would type."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import zip_longest

STRUCK_OUT = {"del", "s", "strike"}  # no longer holds, and plain words could not show it
VOID = {"br", "hr", "img"}
BLOCKS = {
    "blockquote", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
}  # fmt: skip


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.words()

    def nodes(self) -> Iterator["Node"]:
        """This one and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes()

    @property
    def is_block(self) -> bool:
        return self.tag in BLOCKS


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree(html: str) -> Node:
    """Of HTML the sanitiser wrote, which closes what it opens."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def plain_text(html: str) -> str:
    """What somebody would type into a mail: paragraphs apart, points with a dot, a line for each row of a table, links
    with their address.

    >>> plain_text("<p>请先<strong>上蜡</strong>。</p><ol><li>蜡</li><li>再拉</li></ol>")
    '请先上蜡。\\n\\n1. 蜡\\n2. 再拉'
    >>> plain_text("<table><tr><th>尺码</th><th>长度</th></tr><tr><td>5 号</td><td>60 厘米</td></tr></table>")
    '尺码：5 号；长度：60 厘米'
    """
    return "\n\n".join(filter(None, (part.strip() for part in _blocks(tree(html)))))


def _blocks(node: Node) -> Iterator[str]:
    line = ""
    for child in node.children:
        if isinstance(child, str) or not child.is_block:
            line += _inline(child)
            continue
        if line.strip():
            yield _tidy(line)
        line = ""
        if child.tag in ("ul", "ol"):
            yield "\n".join(_points(child))
        elif child.tag == "table":
            yield "\n".join(_rows(child))
        elif child.tag == "pre":
            yield "".join(child.words()).strip("\n")
        else:
            yield from _blocks(child)
    if line.strip():
        yield _tidy(line)


def _points(listed: Node) -> Iterator[str]:
    number = (
        int(listed.attributes.get("start") or 1) if listed.attributes.get("start", "1").isdecimal() else 1
    )
    for item in listed.children:
        if isinstance(item, Node) and item.tag == "li":
            mark = f"{number}." if listed.tag == "ol" else "•"
            number += 1
            body = "\n".join(filter(None, _blocks(item)))
            yield f"{mark} " + body.replace("\n", "\n   ")


def _rows(table: Node) -> Iterator[str]:
    """Each row as a sentence: what stands at the head of a column is said with what stands in it."""
    heads: list[str] = []
    is_even = not any({"colspan", "rowspan"} & each.attributes.keys() for each in table.nodes())
    for row in (each for each in table.nodes() if each.tag == "tr"):
        cells = [each for each in row.children if isinstance(each, Node)]
        said = [" ".join("".join(_inline(part) for part in cell.children).split()) for cell in cells]
        if is_even and cells and not heads and all(each.tag == "th" for each in cells):
            heads = said
            continue
        is_chinese = any("一" <= each <= "鿿" for each in "".join([*heads, *said]))
        colon, comma = ("：", "；") if is_chinese else (": ", "; ")
        pairs = zip_longest(heads[: len(said)], said, fillvalue="")
        yield comma.join(f"{head}{colon}{cell}" if head else cell for head, cell in pairs if cell)


def _inline(child: "Node | str") -> str:
    if isinstance(child, str):
        return child.replace("\n", " ")
    if child.tag in STRUCK_OUT:
        return ""
    if child.tag == "br":
        return "\n"
    if child.tag == "img":
        return child.attributes.get("alt", "")
    inner = "".join(_inline(each) for each in child.children)
    href = child.attributes.get("href", "") if child.tag == "a" else ""
    if href.startswith(("http://", "https://")) and href not in inner:
        return f"{inner} ({href})"
    return inner


def _tidy(line: str) -> str:
    return "\n".join(" ".join(part.split()) for part in line.split("\n")).strip()
