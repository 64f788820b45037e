import re

import pytest
from django.template import Context, Template

from guixin.web import charts
from guixin.web.charts import Series

MONTHS = ["1", "2", "3"]


def drawn(chart) -> str:
    return Template("{% load charts %}{% chart chart %}").render(Context({"chart": chart}))


class TestAChart:
    def test_of_bars_is_as_high_as_its_values(self):
        chart = charts.bars("New", MONTHS, [Series("New", [10, 5, 0])])

        first, second, third = chart.bars
        assert first.height == pytest.approx(2 * second.height, abs=0.2)
        assert third.height == 0

    def test_of_stacked_bars_puts_one_upon_the_other(self):
        chart = charts.bars("Both", ["1"], [Series("A", [10]), Series("B", [5])], stacked=True)

        below, above = chart.bars
        assert above.y + above.height == pytest.approx(below.y, abs=0.1)

    def test_draws_what_was_lost_below_zero(self):
        chart = charts.bars("Came and went", ["1"], [Series("In", [4]), Series("Out", [-3])], stacked=True)

        came, went = chart.bars
        assert came.y + came.height == chart.zero == went.y

    def test_leaves_a_gap_where_nothing_is_known(self):
        chart = charts.lines("Share", ["1", "2", "3", "4", "5"], [Series("A", [1, 2, None, 3, 4])])

        assert len(chart.lines[0].paths) == 2
        assert chart.rows[2][1][0].words == "–"

    def test_says_the_interval_in_its_table(self):
        chart = charts.lines("A", ["1", "2"], [Series("A", [0.5, 0.6], [0.4, 0.5], [0.6, 0.7])], percent=True)

        assert chart.rows[0][1][0].words == "50.0 % (40.0 % – 60.0 %)"
        assert chart.lines[0].band

    def test_has_round_numbers_beside_it(self):
        chart = charts.bars("A", MONTHS, [Series("A", [0, 3, 37])])

        assert [tick.words for tick in chart.y_ticks] == ["0", "10", "20", "30", "40"]

    @pytest.mark.parametrize(
        ("labels", "shown"),
        [
            (["形象", "期望", "感知质量", "感知价值", "满意", "投诉处理", "忠诚"], 7),
            ([f"2026-{month:02}" for month in range(1, 13)], 6),
        ],
    )
    def test_shows_as_many_labels_as_do_not_run_into_each_other(self, labels, shown):
        chart = charts.bars("A", labels, [Series("A", [1] * len(labels))])

        assert [tick.words for tick in chart.x_ticks] == labels[:: len(labels) // shown]

    @pytest.mark.parametrize(
        "values", [[0, 0, 0], [None, None, None], [-1, -2, -3], [1e9, 2e9, 3e9], [0.001, 0, 0]]
    )
    def test_is_drawn_within_its_frame(self, values):
        for draw in (charts.bars, charts.lines):
            numbers = [
                float(n)
                for n in re.findall(r' y1?="([-\d.]+)"', drawn(draw("A", MONTHS, [Series("A", values)])))
            ]
            assert all(0 <= n <= charts.HEIGHT for n in numbers)

    def test_is_one_image_with_its_title_and_a_table_that_leads_on(self):
        html = drawn(charts.bars("New", MONTHS, [Series("New", [1, 2, 3], links=["/a", "", ""])]))

        assert 'role="img"' in html
        assert "<figcaption" in html
        assert '<a href="/a">1</a>' in html
        assert "style=" not in html

    def test_without_figures_says_so(self):
        assert "<svg" not in drawn(charts.bars("New", MONTHS, [Series("New", [None, None, None])]))


class TestASparkline:
    def test_ends_where_the_last_value_is(self):
        spark = charts.sparkline([1, 2, 3], "3")

        assert spark.end == (charts.SPARK_WIDTH - 3, 4)

    def test_of_one_value_says_its_words_instead(self):
        assert charts.sparkline([1], "1 customer").points == ""


class TestPointsInAField:
    def test_of_equal_importance_do_not_hide_each_others_numbers(self):
        from guixin.web.quadrants import DIGIT, LINE, Point, quadrants

        points = [Point(str(n), 50 + n * 0.4, 1) for n in range(9)] + [Point("same", 50, 1)]
        dots = quadrants("", points, head=(), across="", upwards="").dots
        assert [each.label for each in dots][:2] == ["1, 10", "2"]
        assert dots[-1].label == ""

        def box(dot):
            left = dot.label_x - {"start": 0, "middle": 0.5, "end": 1}[dot.anchor] * DIGIT * len(dot.label)
            return left, dot.label_y - LINE, left + DIGIT * len(dot.label), dot.label_y

        boxes = [box(each) for each in dots if each.label]
        for n, a in enumerate(boxes):
            for b in boxes[n + 1 :]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
