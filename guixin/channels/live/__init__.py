"""Pages that move by themselves: hints over server-sent events, each followed by an ordinary request for the part.

A stream says only that something changed, never what: the part is fetched again through the same page, so
everything a reader sees has passed the same check of access. `tickets` says what a page listens for, `hub` finds out
what changed, `door` keeps the connections.
"""
