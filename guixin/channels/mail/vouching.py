"""Whether the sender's domain vouches for a mail: only what our own mail server found out counts (RFC 8601).

Everybody can write an Authentication-Results header. So only those with the name the administrator gave our server are
read; of several the worst counts, since a forged one may stand beside the real one; and ARC, DKIM-Signature and the
results of others say nothing here. Without a name nobody vouches for anybody.
"""

import re

from guixin.channels.mail.headers import Headers
from guixin.channels.models import ReceivedMail

Verdict = ReceivedMail.Verdict
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_WORST_FIRST = (Verdict.FAIL, Verdict.NONE, Verdict.PASS)


def verdict(headers: Headers, authserv_id: str, sender: str, *, many_senders: bool = False) -> str:
    """PASS only if our server says that DMARC passed for the domain of the one sender shown."""
    if not authserv_id or many_senders or "@" not in sender:
        return Verdict.NONE
    found = [
        _of(value, sender) for value in headers.all("authentication-results") if _is_ours(value, authserv_id)
    ]
    return next((each for each in _WORST_FIRST if each in found), Verdict.NONE)


def _bare(value: str) -> str:
    """Without quoted strings and comments, in which somebody could write anything."""
    value = _QUOTED.sub(" ", value.replace("\r", " ").replace("\n", " "))
    for _depth in range(5):
        value, changed = _COMMENT.subn(" ", value)
        if not changed:
            break
    return value


def _is_ours(value: str, authserv_id: str) -> bool:
    named = _bare(value).partition(";")[0].split()
    return bool(named) and named[0].lower() == authserv_id.strip().lower()


def _of(value: str, sender: str) -> str:
    domain = sender.rpartition("@")[2].lower()
    found = []
    for result in _bare(value).split(";")[1:]:
        words = result.split()
        if not words or not words[0].lower().startswith("dmarc="):
            continue
        said = words[0].partition("=")[2].lower()
        about = [
            word.partition("=")[2].lower() for word in words[1:] if word.lower().startswith("header.from=")
        ]
        if said == "fail":
            found.append(Verdict.FAIL)
        elif said == "pass" and about == [domain]:
            found.append(Verdict.PASS)
        else:
            found.append(Verdict.NONE)
    return next((each for each in _WORST_FIRST if each in found), Verdict.NONE)
