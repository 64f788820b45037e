"""Who is still a customer, how often they will buy, and for how much: BG/NBD and Gamma-Gamma, fitted by us.

Our own because no permissive, well-kept library gives the published estimates. numpy and scipy are imported inside:
this runs in workers and commands, never on the way to a page.

Sources: Fader, Hardie & Lee, "Counting your customers" the easy way, Marketing Science 24 (2005), equations in brackets;
Fader & Hardie, The Gamma-Gamma model of monetary value (2013), called [GG].

Arrays of customers, one place each (or one for a group of equal customers with its weight):
    x     purchases after the first, counted in days with a purchase
    t_x   weeks from the first purchase to the last; 0 where x = 0
    T     weeks from the first purchase to the end of what was observed
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    Array = np.ndarray

LARGEST, SMALLEST = 1e4, 1e-4  # an estimate beyond means that the data do not tell it


class CannotFit(Exception):
    """The model does not fit these customers; `reason` is a word for programs."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BgNbd:
    """How often customers buy (Gamma with r, alpha) and after which purchase they leave (Beta with a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = 0.0

    def as_facts(self) -> dict[str, float]:
        return asdict(self)

    def alive(self, x: Array, t_x: Array, T: Array) -> Array:
        """The probability that each has not left. Without a repeat purchase it is 1: nobody leaves before one."""
        import numpy as np

        x, t_x, T = (np.asarray(each, dtype=float) for each in (x, t_x, T))
        return 1 / (1 + self._odds_of_having_left(x, t_x, T))

    def _odds_of_having_left(self, x: Array, t_x: Array, T: Array) -> Array:
        import numpy as np

        exponent = (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        odds = self.a / (self.b + np.maximum(x, 1) - 1) * np.exp(np.minimum(exponent, 700))
        return np.where(x > 0, odds, 0.0)

    def expected(self, weeks: float, x: Array, t_x: Array, T: Array) -> Array:
        """Purchases each is expected to make in the next `weeks` (10).

        Written with Euler's transformation of the hypergeometric function: in (10) as printed two factors grow
        and shrink with x until a customer of a thousand purchases is infinity times zero.
        """
        import numpy as np
        from scipy.special import hyp2f1

        x, t_x, T = (np.asarray(each, dtype=float) for each in (x, t_x, T))
        a = self.a + 1e-6 if abs(self.a - 1) < 1e-6 else self.a  # (10) divides by a - 1
        c = a + self.b + x - 1
        z = weeks / (self.alpha + T + weeks)
        still = (1 - z) ** (a - 1) * hyp2f1(a + self.b - 1 - self.r, a - 1, c, z)
        return c / (a - 1) * (1 - still) / (1 + self._odds_of_having_left(x, t_x, T))


def fit_bg_nbd(x: Array, t_x: Array, T: Array, weight: Array | None = None) -> BgNbd:
    """The most likely parameters. `weight`: how many customers each place stands for. Raises CannotFit."""
    import numpy as np
    from scipy.special import digamma, gammaln

    x, t_x, T = (np.asarray(each, dtype=float) for each in (x, t_x, T))
    weight = np.ones_like(x) if weight is None else np.asarray(weight, dtype=float)
    repeats = x > 0
    if not repeats.any():
        raise CannotFit("no_repeats")
    latest = np.maximum(x, 1)  # where x = 0 the second term is left out; this keeps its logarithm finite

    def loss(logs: Array) -> tuple[float, Array]:
        """Minus the log-likelihood per customer (6) and its gradient, by the logarithms of the parameters."""
        r, alpha, a, b = np.exp(logs)
        stays = -(r + x) * np.log(alpha + T)
        leaves = np.where(
            repeats, np.log(a) - np.log(b + latest - 1) - (r + x) * np.log(alpha + t_x), -np.inf
        )
        together = np.logaddexp(stays, leaves)
        likelihood = (
            gammaln(r + x) - gammaln(r) + r * np.log(alpha)
            + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x) + together
        )  # fmt: skip
        stay, leave = np.exp(stays - together), np.exp(leaves - together)
        by_r = (
            digamma(r + x)
            - digamma(r)
            + np.log(alpha)
            - stay * np.log(alpha + T)
            - leave * np.log(alpha + t_x)
        )
        by_alpha = r / alpha - (r + x) * (stay / (alpha + T) + leave / (alpha + t_x))
        by_a = digamma(a + b) - digamma(a + b + x) + leave / a
        by_b = digamma(a + b) + digamma(b + x) - digamma(b) - digamma(a + b + x) - leave / (b + latest - 1)
        slope = np.array([weight @ by_r * r, weight @ by_alpha * alpha, weight @ by_a * a, weight @ by_b * b])
        return float(-(weight @ likelihood) / total), -slope / total

    total = float(weight.sum())
    (r, alpha, a, b), least = _least(loss, np.log([1.0, max(float(np.median(T)) / 4, 0.5), 1.0, 2.0]))
    return BgNbd(r, alpha, a, b, -least * total)


@dataclass(frozen=True)
class GammaGamma:
    """What customers spend a time: each varies around their own mean, and the means vary (p, q, gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float = 0.0

    def as_facts(self) -> dict[str, float]:
        return asdict(self)

    def mean(self, x: Array, spent: Array) -> Array:
        """The mean each will spend a time, seen `spent` on average at x repeat purchases [GG, 5]."""
        return self.p * (self.gamma + x * spent) / (self.p * x + self.q - 1)


def fit_gamma_gamma(x: Array, spent: Array, weight: Array | None = None) -> GammaGamma:
    """The most likely parameters, from customers with x > 0 and a mean spent above 0. Raises CannotFit."""
    import numpy as np
    from scipy.special import digamma, gammaln

    x, spent = np.asarray(x, dtype=float), np.asarray(spent, dtype=float)
    weight = np.ones_like(x) if weight is None else np.asarray(weight, dtype=float)
    usable = (x > 0) & (spent > 0)
    x, spent, weight = x[usable], spent[usable], weight[usable]
    if not len(x):
        raise CannotFit("no_repeats")
    total = float(weight.sum())
    unit = float(weight @ spent / total)  # so that fen, yen and dollars begin the search alike
    z = spent / unit

    def loss(logs: Array) -> tuple[float, Array]:
        """As above, of [GG, 1a]."""
        p, q, gamma = np.exp(logs)
        shape, sums = p * x, gamma + z * x
        likelihood = (
            gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(gamma)
            + (shape - 1) * np.log(z) + shape * np.log(x) - (shape + q) * np.log(sums)
        )  # fmt: skip
        by_p = x * (digamma(shape + q) - digamma(shape) + np.log(z) + np.log(x) - np.log(sums))
        by_q = digamma(shape + q) - digamma(q) + np.log(gamma) - np.log(sums)
        by_gamma = q / gamma - (shape + q) / sums
        slope = np.array([weight @ by_p * p, weight @ by_q * q, weight @ by_gamma * gamma])
        return float(-(weight @ likelihood) / total), -slope / total

    (p, q, gamma), least = _least(loss, np.log([2.0, 3.0, 1.0]))
    if q <= 1:
        raise CannotFit("no_mean")  # the mean of all means is infinite
    return GammaGamma(p, q, gamma * unit, -least * total - float(weight.sum()) * float(np.log(unit)))


def _least(loss: Callable[[Array], tuple[float, Array]], start: Array) -> tuple[list[float], float]:
    """The parameters (from their logarithms) where the loss is least, from a few starts if the first leads nowhere."""
    import numpy as np
    from scipy.optimize import minimize

    best = None
    for shift in (0.0, -1.0, 1.0):
        with np.errstate(all="ignore"):
            found = minimize(loss, start + shift, jac=True, method="L-BFGS-B", bounds=[(-12.0, 12.0)] * len(start),
                             options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8})  # fmt: skip
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
        if best is not None and _is_inside(np.exp(best.x)):
            return [float(each) for each in np.exp(best.x)], float(best.fun)
    raise CannotFit("no_optimum")


def _is_inside(parameters: Array) -> bool:
    return bool(((parameters > SMALLEST) & (parameters < LARGEST)).all())
