"""Cards with a QR code, to print: as many to a page as its paper holds."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from guixin.serve.models import OpinionPoint
from guixin.web import pdf

# Eight cards to a page of A4, one to a page of A6.
PAPERS = {
    "a4": {"size": "A4", "margin": "8mm", "wide": "97mm", "high": "70mm", "code": "34mm"},
    "a6": {"size": "A6", "margin": "6mm", "wide": "93mm", "high": "130mm", "code": "62mm"},
}
_LOOK = """
    @page { size: %(size)s; margin: %(margin)s }
    body { margin: 0; font-family: "Noto Sans CJK SC", "Noto Sans SC", sans-serif; text-align: center }
    .card { display: inline-block; vertical-align: top; width: %(wide)s; height: %(high)s; overflow: hidden;
            box-sizing: border-box; padding: 3mm; border: 0.2mm dashed #999; break-inside: avoid }
    .card svg { width: %(code)s; height: %(code)s }
    h2 { margin: 0; font-size: 14pt } p { margin: 0; font-size: 9pt } .kind { color: #555 } .typed { font-family: monospace; font-size: 8pt }
"""


@dataclass(frozen=True)
class Card:
    """The card of a place that leads to an address. `typed`: the address for whoever types it."""

    point: OpinionPoint
    address: str

    @property
    def typed(self) -> str:
        return urlsplit(self.address)._replace(scheme="").geturl()[2:]

    @property
    def svg(self) -> SafeString:
        return SafeString(qr_code(self.address, inline=True).decode())  # nosec B703  drawn by us


def paper_of(request: HttpRequest) -> str:
    return "a6" if request.GET.get("paper") == "a6" else "a4"


def as_pdf(cards: list[Card], paper: str, asks: tuple[str, str]) -> HttpResponse:
    """asks: what stands below the code, in Chinese and English. Raises Refused where nothing can be rendered."""
    html = render_to_string("desks/admin/cards_paper.html", {"cards": cards, "paper": paper, "asks": asks})
    answer = HttpResponse(pdf.render(html, _LOOK % PAPERS[paper]), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="cards-{paper}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@lru_cache(maxsize=500)
def qr_code(address: str, *, inline: bool = False) -> bytes:
    """Correction Q survives a quarter of the code scratched away; the quiet zone is part of the picture."""
    out = BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=not inline, svgns=not inline,
        omitsize=inline,
    )  # fmt: skip
    return out.getvalue()
