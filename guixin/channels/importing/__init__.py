"""Taking in files: `run_import` reads any sheet through a mapping and lands every row it can."""

from guixin.channels.importing.jobs import run_next_import
from guixin.channels.importing.running import CannotImport, run_import

__all__ = ["CannotImport", "run_import", "run_next_import"]
