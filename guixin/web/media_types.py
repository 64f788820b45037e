"""What a file is, decided by its bytes. Nothing a browser would run or draw is ever among the answers.

A script, a page or an SVG drawing is text to us; whatever is not recognised is bytes.
"""

UNKNOWN = "application/octet-stream"
TEXT, CSV = "text/plain", "text/csv"
PICTURES = ("image/jpeg", "image/png", "image/webp")  # those that are decoded and written anew

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-office"),
    (b"{\\rtf", "application/rtf"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic",
           b"avif": "image/avif", b"M4A ": "audio/mp4", b"qt  ": "video/quicktime"}  # fmt: skip
# An archive of an office program names its main part in the list at its end; nothing is unpacked to see it.
_OFFICE = (
    (b"word/document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_LIST_AT_THE_END = 128 * 1024


def media_type(content: bytes, name: str = "") -> str:
    """The type of these bytes. The name only tells a table of text from other text.

    >>> media_type(b"<script>alert(1)</script>", "a.html")
    'text/plain'
    """
    head = content[:16]
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head.startswith(b"PK\x03\x04"):
        listed = content[-_LIST_AT_THE_END:]
        return next((found for part, found in _OFFICE if part in listed), "application/zip")
    if _is_text(content):
        return CSV if name.lower().endswith(".csv") else TEXT
    return UNKNOWN


def _is_text(content: bytes) -> bool:
    """Words in UTF-8 or as Chinese Windows writes them, without control characters."""
    if not content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return bool(content) and len(content) % 2 == 0
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in set(content)):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
