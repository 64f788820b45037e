"""Taking in files: `run_import` reads any sheet through a mapping and lands every row it can."""

from guixin.channels.importing.running import run_import

__all__ = ["run_import"]
