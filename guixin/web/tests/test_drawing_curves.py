import pytest

from guixin.web import curves
from guixin.web.charts import LEFT, WIDTH, Series
from guixin.web.tests.test_drawing_charts import drawn


def chart_of(xs, values, marks=()):
    return curves.curves(
        "Prices", xs, [Series("Cheap", values)], in_words=lambda x: f"{x:g}", marks=marks, percent=True
    )


class TestCurves:
    def test_stand_where_their_numbers_are(self):
        """Unlike labels, which stand at equal distances: 10 is a tenth of the way from 0 to 100."""
        first, second, third = (
            float(each.split(",")[0])
            for each in chart_of([0, 10, 100], [1, 0.5, 0]).lines[0].paths[0].split()
        )

        assert second - first == pytest.approx((third - first) / 10, abs=0.1)

    def test_have_a_line_and_words_for_what_is_marked(self):
        chart = chart_of([0, 100], [1, 0], marks=[(25, "OPP 25"), (90, "PME 90")])

        low, high = chart.marks
        assert low.x == pytest.approx(LEFT + 6 + (WIDTH - LEFT - 8 - 12) / 4, abs=0.1)
        assert (low.side, high.side) == ("start", "end")
        assert low.y != high.y
        html = drawn(chart)
        assert "OPP 25" in html
        assert f'viewBox="0 -30 {WIDTH} 250"' in html

    def test_say_every_figure_in_the_table(self):
        chart = chart_of([0, 50, 100], [1, 0.25, None])

        assert [(label, cells[0].words) for label, cells in chart.rows] == [
            ("0", "100.0 %"), ("50", "25.0 %"), ("100", "–"),
        ]  # fmt: skip

    def test_of_one_place_or_nothing_are_drawn_all_the_same(self):
        assert chart_of([5], [0.5]).x_ticks[0].words == "5"
        assert "Not enough data" in drawn(chart_of([], []))
