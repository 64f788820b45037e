"""BG/NBD and Gamma-Gamma against the published figures and against independent arithmetic."""

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from guixin.understand.lifetime import BgNbd, CannotFit, GammaGamma, fit_bg_nbd, fit_gamma_gamma

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)  # Fader, Hardie and Lee 2005, CDNOW


def generated(customers: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customers as the model says they are: r 0.8, alpha 6, a 0.9, b 2.5, watched for 30 to 60 weeks."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(customers):
        rate, leaves, watched = draw.gamma(0.8, 1 / 6), draw.beta(0.9, 2.5), draw.uniform(30, 60)
        x, at, last = 0, 0.0, 0.0
        while True:
            at += draw.exponential(1 / rate)
            if at > watched:
                break
            x, last = x + 1, at
            if draw.random() < leaves:
                break
        found.append((x, last, watched))
    return tuple(np.array(found).T)


class TestTheFrequencyOfPurchases:
    def test_of_the_published_customer_is_as_published(self):
        seen = [2], [30.43], [38.86]

        assert PUBLISHED.expected(39, *seen)[0] == pytest.approx(1.226, abs=0.0005)
        assert PUBLISHED.alive(*seen)[0] == pytest.approx(0.7266, abs=0.00005)

    def test_is_what_integrating_over_all_customers_gives(self):
        """P(alive) from its definition, without any of the closed forms."""
        x, t_x, T = 3, 20.0, 30.0
        prior = stats.gamma(PUBLISHED.r, scale=1 / PUBLISHED.alpha), stats.beta(PUBLISHED.a, PUBLISHED.b)

        def seen(rate: float, leaves: float, here: bool) -> float:
            bought = rate**x * prior[0].pdf(rate) * prior[1].pdf(leaves) * (1 - leaves) ** (x - 1)
            return bought * ((1 - leaves) * np.exp(-rate * T) if here else leaves * np.exp(-rate * t_x))

        here, gone = (
            integrate.dblquad(lambda p, rate, here=here: seen(rate, p, here), 0, 3, 0, 1)[0]
            for here in (True, False)
        )

        assert PUBLISHED.alive([x], [t_x], [T])[0] == pytest.approx(here / (here + gone), rel=1e-5)

    def test_stays_finite_for_a_customer_of_a_thousand_purchases(self):
        expected = PUBLISHED.expected(52, [1000], [99.9], [100.0])[0]

        steadily = round(
            1000.243 / 104.414 * 52
        )  # purchases if they never left, each made by those still there
        stays = special.betaln(0.793, 1002.426 + np.arange(1, steadily + 1)) - special.betaln(0.793, 1002.426)
        assert expected == pytest.approx(np.exp(stays).sum(), rel=0.01)

    def test_is_recovered_from_customers_who_follow_it(self):
        found = fit_bg_nbd(*generated(6_000))

        assert found.r / found.alpha == pytest.approx(0.8 / 6, rel=0.06)
        assert found.a / (found.a + found.b) == pytest.approx(0.9 / 3.4, rel=0.12)

    def test_is_the_same_from_groups_as_from_each(self):
        x, t_x, T = generated(500)
        weight = np.random.default_rng(1).integers(1, 9, len(x))

        each = fit_bg_nbd(np.repeat(x, weight), np.repeat(t_x, weight), np.repeat(T, weight))
        groups = fit_bg_nbd(x, t_x, T, weight)

        assert groups.log_likelihood == pytest.approx(each.log_likelihood, rel=1e-8)

    def test_has_the_slope_that_small_steps_give(self, monkeypatch):
        seen = {}

        def look(loss, start, **options):
            seen["loss"] = loss
            return optimize.OptimizeResult(x=start, fun=1.0)

        monkeypatch.setattr(optimize, "minimize", look)
        fit_bg_nbd(*generated(200))
        at = np.log([0.5, 5.0, 0.7, 2.0])

        assert seen["loss"](at)[1] == pytest.approx(
            optimize.approx_fprime(at, lambda p: seen["loss"](p)[0]), abs=1e-5
        )

    def test_cannot_be_told_where_nobody_came_back(self):
        with pytest.raises(CannotFit, match="no_repeats"):
            fit_bg_nbd([0, 0], [0, 0], [10, 20])


class TestTheValueOfAPurchase:
    def test_is_the_mean_of_all_for_whom_nothing_was_seen(self):
        published = GammaGamma(p=6.25, q=3.74, gamma=15.44)

        assert published.mean(np.array([0]), np.array([0.0]))[0] == pytest.approx(35.2, abs=0.05)

    def test_is_recovered_from_customers_who_follow_it(self):
        draw = np.random.default_rng(3)
        x = draw.integers(1, 12, 4_000)
        rate = draw.gamma(3.74, 1 / 15.44, len(x))
        spent = draw.gamma(6.25 * x, 1 / (rate * x))

        found = fit_gamma_gamma(x, spent * 100)  # in cents

        # p and gamma trade places within the noise of 4,000 customers; the mean they give together does not.
        assert found.q == pytest.approx(3.74, rel=0.1)
        assert found.p * found.gamma / (found.q - 1) == pytest.approx(100 * 6.25 * 15.44 / 2.74, rel=0.03)
        assert found.mean(x, spent * 100).mean() == pytest.approx(100 * spent.mean(), rel=0.02)
