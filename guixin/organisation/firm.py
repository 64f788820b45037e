"""A firm written down in one TOML file: `guixin firm load FILE`.

The file says how things shall be; loading it twice changes nothing the second time. What the file does not
mention stays as it is. Everything happens in one transaction, so a mistake on the last line changes nothing.

Each package brings its own sections in a module `firm_sections.py`:

    @firm.section("standards")
    def load_standards(entries, loading): ...

Sections are loaded in the order of registration, which follows the layers of the packages.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from guixin.ledger import Event, record

Section = Callable[[Any, "Loading"], None]

_sections: dict[str, Section] = {}
_ONE_AT_A_TIME = 0x6669726D  # "firm": the advisory lock that keeps two loadings apart


class CannotLoad(Exception):
    """The file cannot become the firm. The message names file, section and entry."""


Teller = Callable[[Any, str, datetime], Event]
_tellers: dict[type, Teller] = {}


def tells(model: type, teller: Teller) -> None:
    """What the ledger records of a row the file made or changed: `teller(row, changed, now)`, `changed` empty if new."""
    _tellers[model] = teller


def section(name: str) -> Callable[[Section], Section]:
    """Register the loader of one top-level section of the file."""

    def register(function: Section) -> Section:
        _sections[name] = function
        return function

    return register


def sections() -> list[str]:
    """Every known section, in the order they are loaded."""
    autodiscover_modules("firm_sections")
    return list(_sections)


class Loading:
    """One reading of one file: where we are in it, what changed, and how to refuse in words."""

    def __init__(self, file: str, now: datetime):
        self.file, self.now = file, now
        self.created: Counter = Counter()
        self.changed: Counter = Counter()
        self.section = ""
        self.entry = ""

    def refuse(self, what: str) -> CannotLoad:
        """The exception to raise: `raise loading.refuse("…")`."""
        place = " › ".join(part for part in (self.file, self.section, self.entry) if part)
        return CannotLoad(f"{place}: {what}")

    def each(self, entries: Any) -> Iterator[tuple[str, dict]]:
        """Entries of a table by their code, or of a list by their number, with the place kept for refusals."""
        if isinstance(entries, Mapping):
            pairs = list(entries.items())
        elif isinstance(entries, list):
            pairs = [(str(number), entry) for number, entry in enumerate(entries, start=1)]
        else:
            raise self.refuse(_("This must be a table of entries."))
        for code, entry in pairs:
            self.entry = code
            if not isinstance(entry, Mapping):
                raise self.refuse(
                    _("This must be a table, such as [%(section)s.%(code)s].")
                    % {
                        "section": self.section,
                        "code": code,
                    }
                )
            yield code, dict(entry)
        self.entry = ""

    def known_keys(self, entry: Mapping, *known: str) -> None:
        """Refuse a misspelt key instead of silently ignoring it."""
        if unknown := sorted(set(entry) - set(known)):
            raise self.refuse(
                _("“%(key)s” is not understood here. Known are: %(known)s.")
                % {"key": unknown[0], "known": ", ".join(known)}
            )

    def needed(self, entry: Mapping, key: str) -> Any:
        if entry.get(key) in (None, ""):
            raise self.refuse(_("“%(key)s” is missing.") % {"key": key})
        return entry[key]

    def find(self, model, what: str, **lookup):
        """A row the entry refers to, which must exist by now."""
        try:
            return model.objects.get(**lookup)
        except model.DoesNotExist:
            value = next(iter(lookup.values()))
            raise self.refuse(
                _("There is no %(what)s called “%(value)s”.") % {"what": what, "value": value}
            ) from None

    def put(self, model, key: Mapping, values: Mapping):
        """The row with this key, with these values: created, changed where it differs, or left alone."""
        row = model.objects.filter(**key).first()
        if row is None:
            row = model(**key, **values)
            self._check(row, {*key, *values})
            row.save()
            self.created[model.__name__] += 1
            self.tell(row)
            return row
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        if differing:
            for name in differing:
                setattr(row, name, values[name])
            self._check(row, values)
            row.save(update_fields=differing)
            self.changed[model.__name__] += 1
            self.tell(row, ", ".join(differing))
        return row

    def tell(self, row: Any, changed: str = "") -> None:
        """Record it, if anybody said how. The file has no author: the actor is nobody."""
        if teller := _tellers.get(type(row)):
            record(teller(row, changed, self.now))

    def _check(self, row, said: Collection[str]) -> None:
        """What the file says; what it leaves alone is the model's own."""
        try:
            row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in said])
        except ValidationError as wrong:
            name, messages = next(iter(wrong.message_dict.items()))
            raise self.refuse(f"{name}: {messages[0]}") from wrong

    def remove(self, queryset) -> None:
        """Rows the file no longer has, in lists it describes completely."""
        if count := queryset.count():
            queryset.delete()
            self.changed[queryset.model.__name__] += count

    @property
    def changed_nothing(self) -> bool:
        return not self.created and not self.changed


def load(path: str | Path, *, now: datetime, dry_run: bool = False) -> Loading:
    """Make the firm what the file says. With `dry_run` everything is tried and nothing kept.

    Raises CannotLoad naming file, section, entry and what is wrong; then nothing has changed.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        written = tomllib.loads(text)
    except OSError as wrong:
        raise CannotLoad(f"{path.name}: {wrong.strerror}") from wrong
    except UnicodeDecodeError as wrong:
        raise CannotLoad(f"{path.name}: " + _("The file is not UTF-8 text.")) from wrong
    except tomllib.TOMLDecodeError as wrong:
        raise CannotLoad(f"{path.name}: {wrong}") from wrong
    return load_written(written, file=path.name, now=now, dry_run=dry_run)


def load_written(written: Mapping, *, file: str, now: datetime, dry_run: bool = False) -> Loading:
    """`load` for a firm that is already a dictionary."""
    known = sections()
    loading = Loading(file, now)
    if unknown := [name for name in written if name not in known]:
        raise loading.refuse(
            _("There is no section “%(section)s”. Known are: %(known)s.")
            % {"section": unknown[0], "known": ", ".join(known)}
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        for name in known:
            if name not in written:
                continue
            loading.section, loading.entry = name, ""
            try:
                with transaction.atomic():
                    _sections[name](written[name], loading)
            except IntegrityError as wrong:
                raise loading.refuse(str(wrong).splitlines()[0]) from wrong
        if dry_run:
            transaction.set_rollback(True)
    return loading
