"""How far a sample can be trusted: its margin of error, whom to ask for a wished one, and whether who answered differs from who was
asked. Plain Python, quick enough for a page. Shares at 95 %, at their widest (one half)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, exp, lgamma, log, sqrt

Z = 1.959963984540054
FEWEST_ANSWERS = 10  # below, the normal curve the margin is read from says nothing
FEWEST_INVITED = 30  # before it is told whether who answered differs from who was asked
FEWEST_EXPECTED = 5  # in each cell of the table (Cochran's rule)


def margin(answers: float, population: int) -> float | None:
    """± so much (0 to 1) a share may be off with so many answers from so many people; None with too few to tell.

    Simple random sampling with the finite population correction sqrt((N - n) / (N - 1)).

    >>> round(margin(278, 1000), 4), round(margin(385, 10**9), 4), margin(50, 50)
    (0.05, 0.0499, 0.0)
    """
    if answers <= 0 or population <= 0:
        return None
    if answers >= population or population == 1:
        return 0.0
    if answers < FEWEST_ANSWERS:
        return None
    return Z * sqrt(0.25 / answers * (population - answers) / (population - 1))


def answers_for(wished: float, population: int) -> int:
    """How many answers a margin of ± `wished` (0 to 1) takes. Source: Krejcie and Morgan 1970, ISO 10004 annex.

    >>> [answers_for(0.05, each) for each in (100, 500, 1000, 10_000)]
    [80, 218, 278, 370]
    """
    if population <= 1:
        return population
    spread = Z * Z * 0.25
    return min(
        population,
        ceil(population * spread / (wished * wished * (population - 1) + spread) - 1e-9),
    )


def allocated(people: Mapping[str, int], size: int | None, shares: Mapping[str, float]) -> dict[str, int]:
    """How many of each stratum are asked: by these shares, nobody twice, and what one stratum cannot give goes to the others.

    people   by stratum, how many could be asked
    size     in all at most; None: everybody
    shares   by stratum, in any unit; nothing is asked where it is 0
    """
    asked = dict.fromkeys(people, 0)
    if size is None:
        return {each: people[each] for each in people if shares.get(each, 1) > 0} | {
            each: 0 for each in people if not shares.get(each, 1) > 0
        }
    left = min(size, sum(people[each] for each in people if shares.get(each, 0) > 0))
    while left:
        free = {
            each: shares[each] for each in people if shares.get(each, 0) > 0 and asked[each] < people[each]
        }
        whole = sum(free.values())
        exact = {each: left * free[each] / whole for each in free}
        given = {each: min(int(exact[each] + 1e-9), people[each] - asked[each]) for each in free}
        if not any(given.values()):  # fewer than strata are left: the largest remainders first
            for each in sorted(free, key=lambda one: (-exact[one], one))[:left]:
                given[each] = 1
        for each, number in given.items():
            asked[each] += number
        left -= sum(given.values())
    return asked


def weights(people: Mapping[str, int], answers: Mapping[str, int]) -> dict[str, float]:
    """What an answer of each stratum counts for, so that strata count as they are among the people: share of the people over share
    of the answers. A stratum nobody answered of has none, and the others stand for it.

    >>> {each: round(weight, 3) for each, weight in weights({"A": 100, "B": 300}, {"A": 30, "B": 30}).items()}
    {'A': 0.5, 'B': 1.5}
    """
    told = {each: number for each, number in answers.items() if number and people.get(each)}
    whole, given = sum(people[each] for each in told), sum(told.values())
    return {each: people[each] / whole / (number / given) for each, number in told.items()}


def counts_as(weighted: Sequence[tuple[float, int]]) -> float:
    """So many unweighted answers would say as much (Kish 1965): (Σw)² / Σw². Pairs of weight and how many have it.

    >>> round(counts_as([(1, 3), (3, 1)]), 6)
    3.0
    """
    whole, squares = sum(w * n for w, n in weighted), sum(w * w * n for w, n in weighted)
    return whole * whole / squares if squares else 0.0


@dataclass(frozen=True)
class Difference:
    """Chi-square of answered against not answered by stratum. `chance`: how often this much comes by chance alone."""

    statistic: float
    freedom: int
    chance: float

    @property
    def is_told(self) -> bool:
        return self.chance < 0.05


def difference(rows: Sequence[tuple[int, int]]) -> Difference | None:
    """Whether the share that answered differs between strata; None where there is not enough to tell.

    rows   (invited, answered) of each stratum; those too small for Cochran's rule are taken together
    """
    invited, answered = sum(n for n, _a in rows), sum(a for _n, a in rows)
    if invited < FEWEST_INVITED or not 0 < answered < invited:
        return None
    rarer = min(answered, invited - answered) / invited
    large = [row for row in rows if row[0] * rarer >= FEWEST_EXPECTED]
    small = [row for row in rows if row[0] * rarer < FEWEST_EXPECTED and row[0]]
    rest = (sum(n for n, _a in small), sum(a for _n, a in small))
    if rest[0] * rarer >= FEWEST_EXPECTED:
        large.append(rest)
    elif rest[0] and large:
        large[-1] = (large[-1][0] + rest[0], large[-1][1] + rest[1])
    if len(large) < 2:
        return None
    share, statistic = answered / invited, 0.0
    for number, yes in large:
        statistic += (yes - number * share) ** 2 / (number * share)
        statistic += (number - yes - number * (1 - share)) ** 2 / (number * (1 - share))
    return Difference(statistic, len(large) - 1, chance_of(statistic, len(large) - 1))


def chance_of(statistic: float, freedom: int) -> float:
    """The share of a chi-square distribution above the statistic: the upper incomplete gamma function, by its series or, in the
    tail, its continued fraction (Lentz).

    >>> [round(chance_of(x, k), 4) for x, k in ((3.841459, 1), (7.814728, 3), (18.307038, 10), (0.5, 4))]
    [0.05, 0.05, 0.05, 0.9735]
    """
    if statistic <= 0:
        return 1.0
    a, x = freedom / 2, statistic / 2
    front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, 500):
            term *= x / (a + n)
            total += term
            if term < total * 1e-12:
                break
        return max(0.0, 1 - front * total)
    b, c = x + 1 - a, 1e300
    d = h = 1 / b
    for n in range(1, 500):
        an = -n * (n - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return front * h
