"""What kind of file it is, told by its first bytes; names lie."""

import gzip
import io
import os
import zipfile

from django.utils.translation import gettext as _

from guixin.channels.sheets.rows import NotASheet, Sheet
from guixin.channels.sheets.text_sheet import TextSheet
from guixin.channels.sheets.xlsx_sheet import CalamineSheet, XlsxSheet

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_SHEETS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x9d", b"BZh")


def open_sheet(path_or_fileobj, *, name=None, delimiter=None, encoding=None, headings=()) -> Sheet:
    """The table in a file: CSV, TSV, either packed by gzip, .xlsx; also .xls and .ods.

    path_or_fileobj   a path, or a binary file object that can seek; it is read again from its beginning by
                      every rows(), so it stays open and is used by one reader at a time
    name              for messages, where a file object has none
    delimiter         of a text file, instead of finding it; "blanks" for columns set apart by blanks
    headings          the names of the columns, for a text file whose first line is a row already

    Raises NotASheet, in words, if there is no table in it.
    """
    if isinstance(path_or_fileobj, str | os.PathLike):
        try:
            file = open(path_or_fileobj, "rb")  # noqa: SIM115  lives as long as the sheet
        except OSError as error:
            raise NotASheet(f"{path_or_fileobj}: {error.strerror}") from None
    else:
        file = path_or_fileobj
    try:
        return _recognised(file, {"delimiter": delimiter, "encoding": encoding, "headings": headings})
    except NotASheet as refusal:
        called = name or getattr(file, "name", None)
        if file is not path_or_fileobj:
            file.close()
        raise NotASheet(f"{os.path.basename(str(called))}: {refusal}" if called else str(refusal)) from None


def _recognised(file, text: dict) -> Sheet:
    def from_the_beginning():
        file.seek(0)
        return file

    head = from_the_beginning().read(512)
    if head.startswith(b"\x1f\x8b"):

        def unpacked():
            return _Unpacked(from_the_beginning())

        return TextSheet(unpacked, **text)
    if head.startswith(b"PK"):
        try:
            names = zipfile.ZipFile(from_the_beginning()).namelist()
        except zipfile.BadZipFile:
            raise NotASheet(_("The workbook is damaged: it cannot be unpacked.")) from None
        if "xl/workbook.xml" in names:
            return XlsxSheet(file)
        if "content.xml" in names:
            return CalamineSheet(from_the_beginning())
        raise NotASheet(_("This is a packed folder; unpack it and choose the table inside."))
    if head.startswith(_OLD_WORKBOOK):
        return CalamineSheet(from_the_beginning())
    if head.startswith(_NO_SHEETS):
        raise NotASheet(_("This is not a table. Save it as .xlsx or CSV."))
    if (
        head.lstrip(b"\xef\xbb\xbf \t\r\n")[:20]
        .lower()
        .startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
    ):
        raise NotASheet(_("This is a web page under the name of a table. Open it and save it as .xlsx."))
    return TextSheet(from_the_beginning, **text)


class _Unpacked:
    """A gzip file whose damage is told in words, after the rows before it were given."""

    def __init__(self, file):
        self._file = io.BufferedReader(gzip.GzipFile(fileobj=file), 1024 * 1024)

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except (OSError, EOFError) as error:
            raise NotASheet(_("The packed file is damaged or cut off: %s.") % error) from None
