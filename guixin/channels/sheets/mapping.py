"""Mappings (列对应): which column of somebody's file is which of our fields. A small TOML file a user writes."""

import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from guixin.channels.sheets.guarding import is_guarded, unguarded
from guixin.channels.sheets.times import reader_of_times
from guixin.web.refusals import Refused

FIELDS = {
    "cases": {
        "external_id", "kind", "subject", "story", "customer_name", "phone", "email", "department", "category",
        "severity", "channel", "location", "opened_at", "promised_at", "closed_at", "verdict", "closing_note",
    },
    "events": {
        "external_id", "at", "status", "sub_status", "team", "line", "organisation", "resource", "impact",
        "product", "country",
    },
    "customers": {
        "customer_name", "kind", "phone", "second_phone", "email", "wechat", "customer_number", "organisation",
    },
    "purchases": {
        "order", "line", "bought_at", "customer_number", "customer_name", "phone", "email", "product", "product_name",
        "product_line", "quantity", "unit_price", "amount", "currency", "kind", "takes_back",
    },
    "prices": {
        "too_cheap", "cheap", "expensive", "too_expensive", "buys_cheap", "buys_expensive", "respondent",
        "customer_number", "phone", "email", "answered_at", "currency",
    },
    "answers": {"respondent", "customer_number", "phone", "email", "case_number", "answered_at"},
}  # fmt: skip
NEEDED = {
    "cases": ("external_id",),
    "events": ("external_id", "at"),
    "customers": ("customer_name",),
    "purchases": ("order", "bought_at"),
    "prices": ("too_cheap", "cheap", "expensive", "too_expensive"),
    "answers": (),
}
NEGATIVE = ("return", "correction")
_SETTINGS = {
    "what", "timezone", "times", "day_first", "history", "columns", "defaults", "delimiter", "headings",
    "cancellation_prefix", "negative",
}  # fmt: skip
ATTRIBUTE = "attribute-"  # and the code: what an administrator made up for customers
ANSWER = "answer-"  # and the code of a question
MADE_UP = {"customers": ATTRIBUTE, "answers": ANSWER}
_RULES = {"column", "columns", "values", "default", "join", "optional"}


class NoSuchMapping(Refused):
    """The mapping cannot be found or used; the message says which exist or what is wrong in it."""

    about_input = True


class CannotBind(Refused):
    """The file does not have the columns the mapping speaks of."""

    about_input = True


class Fault(NamedTuple):
    field: str
    reason: Any  # a sentence
    value: str


@dataclass(frozen=True)
class Source:
    """Where one field comes from: a column, or several joined, perhaps with its words translated."""

    columns: tuple[str, ...]
    values: dict[str, str] | None = None
    default: Any = None
    join: str = "\n"
    optional: bool = False  # the file may lack the column


@dataclass(frozen=True)
class Mapping:
    """What a file holds and how to read it.

    what       "cases", "events", "customers", "purchases", "prices" or "answers"
    history    the file tells past cases with their own times, rather than bringing new ones
    zone       where times without an offset were noted
    delimiter  of a text file, where it is not one that is found by itself; "blanks" for columns set apart by blanks
    headings   the names of the columns of a file that has no heading
    cancellation_prefix, negative   see understand/purchase_lines.py
    """

    name: str
    what: str
    zone: ZoneInfo
    sources: dict[str, Source]
    times: tuple[str, ...] = ()
    day_first: bool | None = None
    history: bool = False
    defaults: dict[str, Any] = field(default_factory=dict)
    delimiter: str | None = None
    headings: tuple[str, ...] = ()
    cancellation_prefix: str = ""
    negative: str = "return"

    def bind(self, columns: list[str]) -> Callable[[list[str]], dict[str, Any] | Fault]:
        """A function from the values of a row to our fields, or to the first Fault in it.

        A blank cell gives the field's default, else None. Fields ending in `at` are aware datetimes in UTC.
        Raises CannotBind, naming the columns that are missing and those there are.
        """
        places = {_plain(name): at for at, name in reversed(list(enumerate(columns)))}
        places |= {name: at for at, name in enumerate(columns)}
        missing, readers = [], []
        read_time = reader_of_times(self.zone, self.times, self.day_first)
        for name, source in self.sources.items():
            found = [places.get(column, places.get(_plain(column))) for column in source.columns]
            if None in found and not source.optional:
                missing += [c for c, at in zip(source.columns, found, strict=True) if at is None]
            at = tuple(place for place in found if place is not None)
            translate = None
            if name == "at" or name.endswith("_at"):
                translate = read_time
            elif source.values is not None:
                translate = _translator(source.values, source.default)
            default = source.default if source.default is not None else self.defaults.get(name)
            readers.append((name, at, source.join, translate, default, name in NEEDED[self.what]))
        if missing:
            raise CannotBind(
                _("The file has no column %(missing)s. It has: %(there)s.")
                % {
                    "missing": ", ".join(f"“{name}”" for name in missing),
                    "there": ", ".join(f"“{name}”" for name in columns),
                }
            )
        read = _compiled(readers, {k: v for k, v in self.defaults.items() if k not in self.sources})
        if is_guarded(columns):
            return lambda values: read([unguarded(value) for value in values])
        return read


def _compiled(readers, constants) -> Callable[[list[str]], dict[str, Any] | Fault]:
    must_be_filled = _("This cell must not be empty.")

    def read(values: list[str]) -> dict[str, Any] | Fault:
        row = dict(constants)
        for name, places, join, translate, default, needed in readers:
            if len(places) == 1:
                value = values[places[0]].strip()
            else:
                value = join.join([text for at in places if (text := values[at].strip())])
            if not value:
                if needed and default is None:
                    return Fault(name, must_be_filled, value)
                row[name] = default
            elif translate is None:
                row[name] = value
            else:
                try:
                    row[name] = translate(value)
                except ValueError as error:
                    return Fault(name, error.args[0], value)
        return row

    return read


class _NotAmongTheWords(ValueError):
    pass


def _translator(ours_of: dict[str, str], default) -> Callable[[str], str]:
    known = {_plain(word): ours for word, ours in ours_of.items()} | ours_of

    def translate(value: str) -> str:
        found = known.get(value)
        if found is None and (found := known.get(_plain(value), default)) is None:
            words = ", ".join(ours_of)
            raise _NotAmongTheWords(
                _("“%(value)s” is not one of: %(words)s.") % {"value": value, "words": words}
            )
        return found

    return translate


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def load_mapping(name_or_path: str | Path, *, folders: list[Path] | None = None) -> Mapping:
    """The mapping in that file, else demo/mappings/NAME.toml, else GUIXIN_HOME/mappings/NAME.toml."""
    if folders is None:
        folders = [settings.PACKAGE.parent / "demo" / "mappings", settings.HOME / "mappings"]
    tried = [Path(name_or_path)] + [folder / f"{name_or_path}.toml" for folder in folders]
    for path in tried:
        if path.is_file():
            try:
                return mapping_from(tomllib.loads(path.read_text(encoding="utf-8-sig")), path.stem)
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                raise NoSuchMapping(f"{path.name}: {error}") from None
    there = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise NoSuchMapping(
        _("There is no mapping “%(name)s”. There are: %(there)s.")
        % {"name": name_or_path, "there": ", ".join(there) or "-"}
    )


def _is_field(what: str, key: str) -> bool:
    return key in FIELDS[what] or (what in MADE_UP and key.startswith(MADE_UP[what]))


def mapping_from(table: dict[str, Any], name: str = "mapping") -> Mapping:
    """A mapping from its parsed table; raises NoSuchMapping naming what is wrong, a slip of the pen too."""

    def wrong(sentence: str):
        return NoSuchMapping(f"{name}: {sentence}")

    what = table.get("what", "cases")
    if what not in FIELDS:
        raise wrong(_("“what” must be one of: %s.") % ", ".join(FIELDS))
    columns, defaults = table.get("columns", {}), table.get("defaults", {})
    if strange := [key for key in table if key not in _SETTINGS]:
        raise wrong(_("“%s” is not known here.") % strange[0])
    if strange := [key for key in (*columns, *defaults) if not _is_field(what, key)]:
        raise wrong(
            _("“%(field)s” is not a field of %(what)s. Fields: %(fields)s.")
            % {"field": strange[0], "what": what, "fields": ", ".join(sorted(FIELDS[what]))}
        )
    if lacking := [key for key in NEEDED[what] if key not in columns]:
        raise wrong(_("the field “%s” must have a column.") % lacking[0])
    zone_name = table.get("timezone", settings.TIME_ZONE)
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, TypeError, OSError):
        raise wrong(_("“%s” is not a time zone, such as Asia/Shanghai.") % zone_name) from None
    if table.get("negative", "return") not in NEGATIVE:
        raise wrong(_("“negative” must be one of: %s.") % ", ".join(NEGATIVE))
    sources = {}
    for key, rule in columns.items():
        rule = rule if isinstance(rule, dict) else {"columns" if isinstance(rule, list) else "column": rule}
        names = tuple(rule.get("columns", [])) or (rule.get("column"),)
        if any(part not in _RULES for part in rule) or not all(isinstance(each, str) for each in names):
            raise wrong(_("the rule of “%s” must be a column, a list of columns, or {column=…}.") % key)
        sources[key] = Source(
            columns=names,
            values=rule.get("values"),
            default=rule.get("default"),
            join=rule.get("join", " > " if key == "category" else "\n"),
            optional=rule.get("optional", False),
        )
    return Mapping(
        name=name,
        what=what,
        zone=zone,
        sources=sources,
        times=tuple(table.get("times", ())),
        day_first=table.get("day_first"),
        history=table.get("history", False),
        defaults=defaults,
        delimiter=table.get("delimiter"),
        headings=tuple(table.get("headings", ())),
        cancellation_prefix=str(table.get("cancellation_prefix", "")),
        negative=table.get("negative", "return"),
    )
