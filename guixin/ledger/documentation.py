"""docs/events.md, made from the event classes: `python -m guixin.ledger.documentation`.

The classes are the only home of what an event means; the page repeats them for readers, and a test keeps the two
the same.
"""

import inspect
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path

from guixin.ledger.events import _COMMON, Event, event_classes
from guixin.ledger.recording import reactions_to

PACKAGE = Path(__file__).resolve().parent.parent
PAGE = PACKAGE.parent / "docs" / "events.md"

_OPENING = """# What is recorded

Made from the code by `python -m guixin.ledger.documentation`; change the class, not this page.

Everything that happens is one entry (条目) in the ledger (台账). Each has a kind, which is permanent; `happened_at`, when
it happened; `recorded_at`, when it was written; `actor`, the person who did it, or nobody when the system did; `about`, what it
is about, such as a task; `case`, if it belongs to one; and the facts listed here: ids and plain values, never personal data.
What identifies a person stands beside the entry and can be erased. See [decision 2](developers/decisions/0002-ledger.md).

*Then* names what follows in the same transaction, as `guixin/reactions.py` wires it.
"""


def all_events() -> list[type[Event]]:
    """Every event class of the product, also of modules that nobody has needed yet in this process."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        if "tests" not in parts and "\n    kind: ClassVar[str] = " in path.read_text(encoding="utf-8"):
            import_module(".".join(parts))
    ours = [cls for cls in event_classes() if cls.__module__.startswith("guixin.")]
    return [cls for cls in ours if ".tests." not in cls.__module__]


def page() -> str:
    """The whole page."""
    lines, package = [_OPENING], ""
    for cls in all_events():
        if (of := cls.kind.split(".")[0]) != package:
            package = of
            lines.append(f"## {package}\n")
        lines += _paragraph(cls)
    return "\n".join(lines)


def _paragraph(cls: type[Event]) -> list[str]:
    said = " ".join(inspect.cleandoc(cls.__doc__ or "").split())
    lines = [f"### `{cls.kind}`\n", f"{said}\n", f"*{cls.sentence}*\n"]
    facts = [f"`{f.name}` ({_type(f.type)})" for f in fields(cls) if f.name not in _COMMON]
    if facts:
        lines.append(f"Facts: {', '.join(facts)}.\n")
    if names := [f"`{_name(reaction)}`" for reaction in reactions_to(cls)]:
        lines.append(f"Then: {', '.join(names)}.\n")
    return lines


def _type(annotation) -> str:
    name = (
        annotation.__name__
        if isinstance(annotation, type) and "[" not in str(annotation)
        else str(annotation)
    )
    return (
        name.replace("typing.", "").replace("datetime.datetime", "datetime").replace(" | None", " or nothing")
    )


def _name(reaction) -> str:
    return f"{reaction.__module__.removeprefix('guixin.')}.{reaction.__name__}"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(all_events())} events", file=sys.stderr)
