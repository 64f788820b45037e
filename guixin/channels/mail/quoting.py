"""What is new in an answer, and what it quotes. What is quoted is folded away, never thrown away."""

import re

LONGEST_LINE = 400  # a line that begins a quotation is short
_BEGINS = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|forwarded message|原始邮件|原始邮件信息|原邮件|转发邮件|转发的邮件|回复的原邮件|邮件原件)\s*-{2,}"
    r"|_{20,}"
    r"|(?:on|am|le|el)\b.{4,200}(?:wrote|schrieb|a écrit|escribió)\s*[:：]"
    r"|.{0,160}(?:写道|寫道|编写|来信)\s*[:：]"
    r")\s*$",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^\s*\**(?:from|发件人|發件人|寄件者|寄件人|de|von)\**\s*[:：]\s*\**\s*\S", re.IGNORECASE)
_HEAD_GOES_ON = re.compile(
    r"^\s*\**(?:sent|date|to|cc|subject|发送时间|發送時間|发送日期|日期|时间|收件人|抄送|主题|主旨|gesendet|an|betreff)\**\s*[:：]",
    re.IGNORECASE,
)


def split(text: str) -> tuple[str, str]:
    """(what was written now, what it quotes). A mail that is all quotation was written now."""
    lines = text.splitlines()
    cut = _beginning(lines)
    own, quoted = lines[:cut], lines[cut:]
    said = "\n".join(own).strip()
    if not said:
        return text.strip(), ""
    return said, "\n".join(quoted).strip()


def _beginning(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            continue
        if _BEGINS.match(line):
            return number
        if _HEAD.match(line) and any(
            _HEAD_GOES_ON.match(each[:80]) for each in lines[number + 1 : number + 4]
        ):
            return number
        # "On … wrote:" broken over two lines, as many programs do.
        if (
            number + 1 < len(lines)
            and lines[number + 1].lstrip().startswith(">")
            and line.rstrip().endswith((":", "："))
        ):
            return number
    return _quoted_tail(lines)


def _quoted_tail(lines: list[str]) -> int:
    """Where the lines that begin with ">" begin, if nothing else follows them."""
    cut = len(lines)
    while cut and (not lines[cut - 1].strip() or lines[cut - 1].lstrip().startswith(">")):
        cut -= 1
    return cut if any(line.lstrip().startswith(">") for line in lines[cut:]) else len(lines)
