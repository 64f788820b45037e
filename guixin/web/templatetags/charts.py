"""{% chart chart %} draws one of web/charts.py with its table, {% sparkline spark %} a small line in a row."""

from hashlib import sha256

from django import template

from guixin.web.charts import Chart, Spark
from guixin.web.quadrants import Quadrants

register = template.Library()


@register.inclusion_tag("web/charts/_chart.html")
def chart(chart: Chart, table_open: bool = False) -> dict:
    """`table_open`: the table stands open beside the picture instead of behind a word."""
    return {
        "chart": chart,
        "id": _id(chart.title),
        "table_open": table_open,
    }


@register.inclusion_tag("web/charts/_spark.html")
def sparkline(spark: Spark) -> dict:
    return {"spark": spark}


@register.inclusion_tag("web/charts/_quadrants.html")
def quadrants(field: Quadrants) -> dict:
    return {"field": field, "id": _id(field.title)}


def _id(title: object) -> str:
    return f"chart-{sha256(str(title).encode()).hexdigest()[:8]}"
