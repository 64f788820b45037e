"""Odd mail by the thousand: seeds of every class we know, and mutators that break them as the world does.

Besides our own seeds those of CPython's tests, where the interpreter brings them along (`test.test_email.data`).
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from random import Random

SERVICE = "service@guixin.test"
WORDS = "您好，我买的热水器漏水，请尽快处理。型号 R-200，上周三安装。"


def seeds() -> list[tuple[str, bytes]]:
    """(name, bytes), the same every time."""
    return [*own_seeds(), *cpython_seeds()]


def cpython_seeds() -> list[tuple[str, bytes]]:
    try:
        import test.test_email as theirs
    except ImportError:
        return []
    folder = Path(theirs.__file__).parent / "data"
    return [(f"cpython/{each.name}", each.read_bytes()) for each in sorted(folder.glob("msg_*.txt"))]


def own_seeds() -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for charset, label in [
        ("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gbk", "gbk"), ("gbk", "iso-8859-1"), ("gbk", "us-ascii"),
        ("utf-8", "gb2312"), ("big5", "big5"), ("gb18030", "utf-8"), ("utf-8", "x-nobody-knows"), ("utf-16", "utf-16"),
    ]:  # fmt: skip
        words = WORDS if charset != "big5" else "您好，熱水器漏水"
        found.append((f"{charset} called {label}", plain(words.encode(charset), label)))
        word = f"=?{label}?B?{b64encode('热水器漏水'.encode(charset, 'replace')).decode()}?="
        found.append((f"subject in {charset} called {label}", plain(b"hello", "us-ascii", subject=word)))
    shifted = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "漏水".encode("gb2312")) + b"\x0f"
    found.append(("iso-2022-cn", plain(shifted, "iso-2022-cn")))
    found.append(("hz", plain("漏水".encode("hz"), "hz-gb-2312")))
    found.append(
        ("8 bits in headers", "From: 张三 <z@example.com>\r\nSubject: 漏水\r\n\r\n快来".encode("gbk"))
    )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "李四 <li@example.org>", SERVICE, "附照片"
    message.set_content(WORDS)
    message.add_alternative(f"<p>{WORDS}</p><script>x</script>", subtype="html")
    message.add_attachment(
        b"\xff\xd8\xff\xe0" + b"x" * 500, maintype="image", subtype="jpeg", filename="照片.jpg"
    )
    message.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="../../发票.pdf")
    found.append(("with files", bytes(message)))
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@example.org", "inside"
    inner.set_content("forwarded")
    message = EmailMessage()
    message["From"], message["Subject"] = "wu@example.org", "转发"
    message.set_content("见附件")
    message.add_attachment(inner)
    found.append(("a mail in a mail", bytes(message)))
    found.append(
        ("html alone", plain(b"<html><body><p>Hi<br>there</p></body></html>", "utf-8", kind="text/html"))
    )
    found.append(("vacation", plain(b"away", "utf-8", extra="Auto-Submitted: auto-replied\r\n")))
    found.append(("list", plain(b"news", "utf-8", extra="List-Id: <n.example.com>\r\nPrecedence: list\r\n")))
    found.append(("no sender", b"Subject: hm\r\n\r\nwho am I?"))
    found.append(("no subject", b"From: a@example.com\r\n\r\nno subject"))
    found.append(("nothing", b""))
    found.append(("no header", b"just words without a header\r\nand more"))
    found.append(("from ourselves", plain(b"loop", "utf-8", sender=SERVICE)))
    found.append(("two froms", b"From: a@example.com\r\nFrom: b@example.com\r\n\r\nwho?"))
    found.append(("group", b"From: undisclosed-recipients:;\r\nSubject: x\r\n\r\nhi"))
    found.append(
        (
            "base64 that is none",
            plain(b"!!!not base64!!!", "utf-8", extra="Content-Transfer-Encoding: base64\r\n"),
        )
    )
    found.append(
        ("unknown encoding", plain(b"x", "utf-8", extra="Content-Transfer-Encoding: x-uuencode\r\n"))
    )
    found.append(("no boundary", plain(b"--b\r\n\r\nx", "utf-8", kind="multipart/mixed")))
    found.append((
        "bounce", b"From: MAILER-DAEMON@example.com\r\nContent-Type: multipart/report; report-type=delivery-status;"
        b" boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <x@y>\r\n\r\n--b--",
    ))  # fmt: skip
    return found


def plain(
    body: bytes, label: str, *, subject: str = "hello", kind: str = "text/plain", extra: str = "",
    sender: str = "zhang@example.com",
) -> bytes:  # fmt: skip
    head = (
        f"From: Zhang <{sender}>\r\nTo: {SERVICE}\r\nSubject: {subject}\r\nMessage-ID: <{abs(hash((body, label, subject)))}"
        f'@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; charset="{label}"\r\n{extra}\r\n'
    )
    return head.encode() + body


# -- mutators ----------------------------------------------------------------------------------------------------------


def mislabelled(raw: bytes, chance: Random) -> bytes:
    labels = [
        b"gb2312",
        b"iso-2022-cn",
        b"utf-8",
        b"utf-7",
        b"utf-16",
        b"rot13",
        b"\xff\xfe",
        b"iso-8859-8-i",
        b"base64",
    ]
    for old in (b"utf-8", b"us-ascii", b"iso-8859-1", b"gb2312", b"gbk"):
        raw = raw.replace(old, chance.choice(labels))
    return raw


def truncated(raw: bytes, chance: Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def with_nuls(raw: bytes, chance: Random) -> bytes:
    cut = bytearray(raw)
    for _ in range(1 + len(cut) // 200):
        cut.insert(chance.randrange(len(cut) + 1), 0)
    return bytes(cut)


def bare_returns(raw: bytes, chance: Random) -> bytes:
    return raw.replace(b"\r\n", b"\r") if chance.random() < 0.5 else raw.replace(b"\n", b"\n\r")


def flipped(raw: bytes, chance: Random) -> bytes:
    cut = bytearray(raw or b"x")
    for _ in range(1 + len(cut) // 100):
        cut[chance.randrange(len(cut))] = chance.randrange(256)
    return bytes(cut)


def doubled_headers(raw: bytes, chance: Random) -> bytes:
    head, gap, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    return b"\r\n".join(lines + chance.sample(lines, min(3, len(lines)))) + gap + body


def broken_boundary(raw: bytes, chance: Random) -> bytes:
    return raw.replace(b"--", b"-", chance.randrange(1, 4)).replace(b"boundary=", b"Boundary = ")


def strange_names(raw: bytes, chance: Random) -> bytes:
    names = [
        b"filename*=utf-8''%E6%BC%8F%2",
        b'filename="a\x00b.exe"',
        b"filename*0*=x''a; filename*2=c",
        b'filename="' + b"x" * 70_000 + b'"',
    ]
    return raw.replace(b"filename", chance.choice(names) + b"; was")


Mutator = Callable[[bytes, Random], bytes]
MUTATORS: list[Mutator] = [
    mislabelled, truncated, with_nuls, bare_returns, flipped, doubled_headers, broken_boundary, strange_names,
]  # fmt: skip


def large_ones() -> Iterator[tuple[str, bytes]]:
    """Each once or twice: they are the slow ones, and must not be."""
    head = f"From: big@example.com\r\nTo: {SERVICE}\r\nSubject: big\r\nMIME-Version: 1.0\r\n"
    parts = "".join(f"--b\r\nContent-Type: text/plain\r\n\r\npart {n}\r\n" for n in range(10_000))
    yield "10,000 parts", f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n".encode()
    files = "".join(
        f"--b\r\nContent-Type: application/pdf; name=f{n}.pdf\r\n\r\n%PDF-{n}\r\n" for n in range(10_000)
    )
    yield "10,000 files", f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{files}--b--\r\n".encode()
    for levels in (50, 99, 400, 5_000):
        yield f"{levels} levels", head.encode() + _nested(levels)
    yield "a header of 1 MB", f"X-Long: {'x' * 1_000_000}\r\n{head}\r\nwords".encode()
    yield (
        "a subject of 1 MB",
        f"From: big@example.com\r\nSubject: {'=?utf-8?B?5ryP?= ' * 60_000}\r\n\r\nwords".encode(),
    )
    yield "a From of 1 MB", f"From: {'a@b.example, ' * 80_000}\r\nSubject: x\r\n\r\nwords".encode()
    yield (
        "references of 1 MB",
        f"From: big@example.com\r\nReferences: {'<a@b.example> ' * 70_000}\r\n\r\nwords".encode(),
    )
    yield "20,000 headers", ("".join(f"X-{n}: {n}\r\n" for n in range(20_000)) + head + "\r\nwords").encode()
    yield "a line of 5 MB", f"{head}\r\n{'字' * 1_700_000}".encode()
    yield "html of 3 MB", f"{head}Content-Type: text/html\r\n\r\n{'<div><b>' * 375_000}".encode()
    yield "html of open brackets", f"{head}Content-Type: text/html\r\n\r\n{'<' * 1_000_000}".encode()
    yield (
        "a file of 24 MB",
        (
            f"{head}Content-Type: application/octet-stream; name=big.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        + b64encode(b"\x01" * 24_000_000),
    )
    yield "quotation of 2 MB", f"{head}\r\nok\r\n".encode() + b"> quoted\r\n" * 200_000


def _nested(levels: int) -> bytes:
    lines = []
    for level in range(levels):
        lines += [f"Content-Type: multipart/mixed; boundary=b{level}", "", f"--b{level}"]
    lines += ["Content-Type: text/plain", "", "deep"]
    lines += [f"--b{level}--" for level in reversed(range(levels))]
    return "\r\n".join(lines).encode()


def mails(count: int, chance: Random) -> Iterator[tuple[str, bytes]]:
    """The seeds as they are, the large ones, then mutants of the seeds, one to three mutators each, until `count`."""
    given = seeds()
    yield from given
    large = list(large_ones())
    yield from large
    for number in range(count - len(given) - len(large)):
        name, raw = given[number % len(given)]
        used = chance.sample(MUTATORS, chance.randint(1, 3))
        for mutate in used:
            raw = mutate(raw, chance)
        yield f"{name}: {', '.join(each.__name__ for each in used)}", raw + b"\r\nX: %d" % number
