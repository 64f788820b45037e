"""The one search (搜索): everything somebody may look for by its words, in one table, ranked by one function.

`kinds` is where a package says what of its own can be found; `indexing` keeps the table in step; `asking` answers, both
what was typed into a box and what is being written. See docs/developers/decisions/0018-one-search.md.
"""
