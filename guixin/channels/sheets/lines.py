"""Physical lines of a text file, in lists, decoded; a line that cannot be decoded harms no other."""

import re
from collections.abc import Iterator

from guixin.channels.sheets.rows import LONGEST_LINE, Reason

BLOCK = 256 * 1024
_LINE_END = re.compile(rb"\r\n|\n|\r")


class BrokenLine(str):
    """A line that is no text: the string is what can be shown of it."""

    reason: Reason

    def __new__(cls, raw: bytes | str, encoding: str, reason: Reason):
        line = super().__new__(cls, raw if isinstance(raw, str) else raw.decode(encoding, "replace"))
        line.reason = reason
        return line


def lines_of(source, encoding: str, skip: int = 0) -> Iterator[list[str]]:
    """Lists of lines of `source` after the first `skip`, without their ends (LF, CR LF or CR, mixed or not).

    Lines are found among the bytes, before decoding: in UTF-8 and GB18030 no character contains the bytes of
    a line end. A block is decoded at once, and line by line only when that fails.
    """
    rest, overlong = b"", b""
    while True:
        piece = source.read(BLOCK)
        block = rest + piece
        # A CR in the last place may be half of a CR LF: it waits for the next block.
        end = len(block) - (1 if piece and block.endswith(b"\r") else 0)
        if overlong:
            found = _LINE_END.search(block, 0, end)
            if found is None and piece:
                rest = block[end:]
                continue
            if skip:
                skip -= 1
            else:
                yield [BrokenLine(overlong, encoding, Reason.TOO_LONG)]
            block = block[found.end() :] if found else b""
            end = len(block) - (1 if piece and block.endswith(b"\r") else 0)
            overlong = b""
        cut = max(block.rfind(b"\n", 0, end), block.rfind(b"\r", 0, end)) + 1 if piece else len(block)
        block, rest = block[:cut], block[cut:]
        if block:
            if b"\r" in block:
                block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            if not block.endswith(b"\n"):
                block += b"\n"  # the last line of a file may lack its end
            if skip:
                count = block.count(b"\n")
                if count <= skip:
                    skip -= count
                    block = b""
                else:
                    block = block.split(b"\n", skip)[skip]
                    skip = 0
            if block:
                yield _decoded(block[:-1], encoding)
        if len(rest) > LONGEST_LINE:
            overlong, rest = rest[:4096], (b"\r" if rest.endswith(b"\r") else b"")
        if not piece:
            return


def _decoded(block: bytes, encoding: str) -> list[str]:
    try:
        text = block.decode(encoding)
    except UnicodeDecodeError:
        return [_decoded_line(raw, encoding) for raw in block.split(b"\n")]
    lines = text.split("\n")
    if "\0" in text:
        lines = [BrokenLine(s, encoding, Reason.NUL) if "\0" in s else s for s in lines]
    return lines


def _decoded_line(raw: bytes, encoding: str) -> str:
    try:
        line = raw.decode(encoding)
    except UnicodeDecodeError:
        return BrokenLine(raw, encoding, Reason.UNDECODABLE)
    return BrokenLine(line, encoding, Reason.NUL) if "\0" in line else line
