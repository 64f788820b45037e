"""Guixin (归心, "winning hearts"): a firm's customer service as one closed loop.

    understand  ->  promise  ->  serve  ->  recover  ->  listen  ->  improve
        ^                                                              |
        +------------- insight, and the people who do it --------------+

understand    who the customers are: found by any phone or address, masked by default
promise       what each of them is promised, and the clocks that say whether it was kept
serve         the case: across departments, on time, until the customer has an answer
channels      how the world reaches us and we reach it: API, files, webhooks, notices
desks         pages that show one person's day
organisation  departments, positions, the ladder of authority, who may see what
ledger        what happened: append-only, numbered after commit, sealed; and the outbox
worktime      business calendars and due times; plain Python
web           base page, tokens and components; knows nothing of the domain
reactions.py  when X happens, then Y: every cross-package consequence, in one file
"""

__version__ = "0.1.0"
