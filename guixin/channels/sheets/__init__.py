"""Reading the CSV and Excel files people really have, without losing a good row.

`open_sheet` recognises the file by its content and gives a `Sheet`; its `rows()` are a stream of `Row` and
`BadRow`. `load_mapping` says which column means what. `write_result` gives the file back with the outcome.
"""

from guixin.channels.sheets.mapping import CannotBind, Fault, Mapping, NoSuchMapping, load_mapping
from guixin.channels.sheets.opening import open_sheet
from guixin.channels.sheets.result import write_result
from guixin.channels.sheets.rows import BadRow, NotASheet, Reason, Row, Sheet

__all__ = [
    "BadRow",
    "CannotBind",
    "Fault",
    "Mapping",
    "NoSuchMapping",
    "NotASheet",
    "Reason",
    "Row",
    "Sheet",
    "load_mapping",
    "open_sheet",
    "write_result",
]
