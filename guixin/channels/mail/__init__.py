"""E-mail in and out (docs/email.md). Raw bytes are stored and acknowledged first; understanding them is a job.

fetching.py       IMAP: one thread a mailbox, waiting in IDLE      door.py       our own SMTP and LMTP door
arriving.py       the raw row, before anything is understood       reading.py    bytes to a letter, never raising
understanding.py  which case a letter belongs to, and what happens repairing.py  the quarantine, by people
sending.py        replies and acknowledgements through the outbox   mailboxes.py  setting mailboxes up
"""
