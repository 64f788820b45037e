"""R11: mail as odd as it comes: none lost, each becomes a case, an answer or an entry of the quarantine with its reason.

    python -m tests.reliability.r11_mail_intake --seed 1 [--mails 5000] [--forged 300]

Every mail is stored raw first. Then it is understood, one after the other, with its time and memory taken. A mail that
raises anything is a failure, and so is one that takes 2 s or 256 MB. Afterwards (S8) forged answers to one case: no
field of the case, no task, no word to or from the customer may have moved.
"""

import argparse
import contextlib
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from random import Random

from tests.reliability.ground import ground
from tests.reliability.odd_mail import cpython_seeds, mails

SLOW_S, LARGE_MB = 2.0, 256


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--forged", type=int, default=300)
    wanted = parser.parse_args()
    with ground("r11"), tempfile.TemporaryDirectory() as files:
        from django.conf import settings

        settings.MEDIA_ROOT = files
        right = take_in(wanted.mails, Random(wanted.seed))
        right &= stand_firm(wanted.forged, Random(wanted.seed))
    return 0 if right else 1


def take_in(count: int, chance: Random) -> bool:
    import logging

    from django.db.models import Q

    from guixin.channels.mail import arriving, understanding
    from guixin.channels.mail.tests import make
    from guixin.channels.models import ReceivedMail
    from guixin.ledger.clock import database_now

    logging.getLogger("guixin").setLevel(logging.CRITICAL)
    box, began = make.mailbox(), time.monotonic()
    stored: set[int] = set()
    slow, large = (0.0, ""), (0, "")
    slowest: list[float] = []
    for name, raw in mails(count, chance):
        now = database_now()
        mail, _is_new = arriving.keep(raw, box, now=now)
        stored.add(mail.pk)
        heavy = len(raw) > 100_000
        if heavy:
            tracemalloc.start()
        at = time.monotonic()
        while understanding.understand_next(now):
            pass
        took = time.monotonic() - at
        if heavy:
            # Watching memory makes it slower; what counts as slow is measured again without it.
            large = max(large, (tracemalloc.get_traced_memory()[1] // 2**20, name))
            tracemalloc.stop()
            took = again(raw)
        slowest.append(took)
        slow = max(slow, (took, name))
    State = ReceivedMail.State
    became = Counter(ReceivedMail.objects.values_list("state", "became", "reason"))
    lost = len(stored) - ReceivedMail.objects.filter(pk__in=stored).count()
    unsettled = ReceivedMail.objects.filter(
        Q(state=State.ARRIVED) | Q(state=State.QUARANTINED, reason="") | Q(state=State.TAKEN, case=None)
    ).count()
    # A mail that raised is tried again in a while; here that is a failure at once.
    failed = (
        ReceivedMail.objects.exclude(trouble="").filter(Q(state=State.ARRIVED) | Q(reason="failed")).count()
    )
    for trouble in ReceivedMail.objects.filter(state=State.ARRIVED).values_list("trouble", flat=True)[:10]:
        print(f"    raised: {trouble[:200]}")
    slowest.sort()
    print(
        f"R11 {count} mails ({len(cpython_seeds())} seeds of CPython), {len(stored)} different: {lost} lost, "
        f"{unsettled} unsettled, {failed} uncaught; slowest {slow[0]:.2f} s ({slow[1]}), "
        f"p99 {slowest[len(slowest) * 99 // 100]:.3f} s, most memory {large[0]} MB ({large[1]}); "
        f"{time.monotonic() - began:.0f} s"
    )
    for (state, kind, reason), number in became.most_common():
        print(f"    {number:>6}  {state} {kind or reason}")
    return not lost and not unsettled and not failed and slow[0] < SLOW_S and large[0] < LARGE_MB


def again(raw: bytes) -> float:
    """Seconds to read it, without anything watching."""
    from guixin.channels.mail.reading import Unreadable, read

    at = time.monotonic()
    with contextlib.suppress(Unreadable):
        read(raw)
    return time.monotonic() - at


def stand_firm(count: int, chance: Random) -> bool:
    """S8 at size."""
    from django.conf import settings

    from guixin.channels.mail.tests import make
    from guixin.channels.models import Mailbox, ReceivedMail
    from tests.security.test_mail import as_it_stands, forged

    make.mails_leave(settings)
    Mailbox.objects.update(acknowledges=False)
    sent = make.answered(make.arrives(make.letter()))
    before, began = as_it_stands(sent.case), time.monotonic()
    verified = sum(make.arrives(forged(number, sent, chance)).is_verified for number in range(count))
    moved = as_it_stands(sent.case) != before
    kept = ReceivedMail.objects.filter(case=sent.case, became=ReceivedMail.Became.UNVERIFIED).count()
    print(
        f"S8 {count} forged answers: {verified} verified, case {'CHANGED' if moved else 'unchanged'}, "
        f"{kept} kept with it as unverified; {time.monotonic() - began:.0f} s"
    )
    return not verified and not moved


if __name__ == "__main__":
    sys.exit(main())
