"""What waterproof zippers may cost: sales asks eighty-four garment makers four prices each, and notes what was sold when the
price was raised in spring. The range, the point of least resistance and the demand are worked out by the product, not told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction
from django.utils import timezone

from demo.telling import Cast
from guixin.understand import price_intervals, pricing, taking_in_prices
from guixin.understand.models import Customer, PriceStudy, Product, Segment
from guixin.understand.taking_in_prices import Given

CODE, PRODUCT = "waterproof-5", "5号防水拉链"
BEGAN_AGO, ASKED = 34, 84
FEN = 100
# Days ago, yuan a hundred, hundreds sold that fortnight: the price went up once and came halfway back.
SOLD = ((150, 185, 620), (136, 185, 645), (122, 198, 560), (108, 198, 541), (94, 198, 548), (80, 192, 590), (66, 192, 602),
        (52, 192, 588))  # fmt: skip


@transaction.atomic
def tell(cast: Cast, customers: Sequence[Customer], now: datetime) -> PriceStudy:
    began, owner = now - timedelta(days=BEGAN_AGO), cast.people["ren"]
    # In the words of the books, so that the product's own page leads here.
    product = Product.objects.filter(name=PRODUCT).first() or Product.objects.filter(code=PRODUCT).first()
    study = pricing.begin(
        CODE, name="防水拉链还能不能涨价", name_en="May waterproof zippers cost more?", product=PRODUCT,
        line=product.line if product else "防水", segment=Segment.objects.filter(code="regular").first(), owner=owner,
        begins_on=timezone.localdate(began), ends_on=timezone.localdate(now), by=owner, now=began,
    )  # fmt: skip
    chance = Random(CODE)
    given = [_answer(chance, number, customers, began) for number in range(1, ASKED + 1)]
    taking_in_prices.take_in(study, given, source="file", by=owner, now=now - timedelta(days=6))
    for ago, yuan, hundreds in SOLD:
        day = timezone.localdate(now - timedelta(days=ago))
        pricing.observe(
            study, yuan * FEN, Decimal(hundreds), day, place="各办事处", by=owner, now=now - timedelta(days=5)
        )
    while price_intervals.count_next(now - timedelta(days=5)):
        pass
    study.refresh_from_db()
    return study


def _answer(chance: Random, number: int, customers: Sequence[Customer], began: datetime) -> Given:
    """What one of them says: round prices, as people say them, around what each thinks it is worth. One in twenty mixes them up."""
    worth = chance.gauss(195, 22)
    cheap, dear = worth * chance.uniform(0.84, 0.93), worth * chance.uniform(1.04, 1.14)
    said = sorted(
        5 * FEN * round(yuan / 5)
        for yuan in (cheap * chance.uniform(0.72, 0.88), cheap, dear, dear * chance.uniform(1.08, 1.25))
    )
    if chance.random() < 0.05:
        said[0], said[2] = said[2], said[0]
    customer = customers[number % len(customers)] if number <= len(customers) else None
    return Given(
        number, (said[0], said[1], said[2], said[3]), buys_cheap=chance.choice([3, 4, 4, 5]),
        buys_expensive=chance.choice([1, 2, 2, 3]), respondent=f"问卷{number:03d}",
        customer_id=customer.pk if customer else None,
        answered_on=timezone.localdate(began + timedelta(days=chance.randrange(4, 27))),
    )  # fmt: skip
