"""Everything of one kind as a file, Excel or CSV: what somebody may see, masked unless for a reason, safe from formulas, and
told to the ledger (docs/export.md). What has an importer comes back by it as it was.

nouns.py    which nouns there are, and the columns of each
answers.py  those of the handbook and of hard problems
responses.py  what was answered in one wave
writing.py  the file, row by row, never held in memory
"""
