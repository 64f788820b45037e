"""Photos for the demonstration, drawn: a stained swatch, a zipper with a missing tooth, a box that came open."""

from datetime import datetime
from functools import cache
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFilter

from guixin.serve.attaching import Kept, attach, keep
from guixin.serve.models import Case

SIZE = (960, 720)
CLOTH, TAPE, METAL = (232, 228, 218), (58, 74, 110), (196, 190, 170)
COLOURS = {
    "大红": (178, 34, 40), "深蓝": (24, 40, 96), "藏青": (28, 32, 62), "墨绿": (26, 70, 54), "咖啡": (92, 62, 44),
    "黑色": (30, 30, 32), "酒红": (104, 24, 44), "军绿": (84, 90, 52), "姜黄": (206, 150, 44), "湖蓝": (52, 134, 166),
}  # fmt: skip


def attach_to(case: Case, category: str, *, now: datetime, colour: str) -> None:
    """The customer's own photo of it."""
    attach(kept(category, colour), case=case, now=now, from_customer=True)


def kept(category: str, colour: str = "深蓝") -> list[Kept]:
    """The photo that fits this matter, kept in the store as an upload would be."""
    if category.endswith("/shade"):
        name, content = "沾色水洗样.jpg", swatch(colour)
    elif category.startswith("delivery"):
        name, content = "外箱破损.jpg", broken_box()
    else:
        name, content = "掉牙部位.jpg", missing_tooth()
    return keep([ContentFile(content, name=name)])


@cache
def swatch(colour: str) -> bytes:
    """White cloth beside a strip that bled into it."""
    dye = COLOURS.get(colour, COLOURS["大红"])
    picture = Image.new("RGB", SIZE, CLOTH)
    draw = ImageDraw.Draw(picture)
    for step in range(60):  # the stain fades with its distance
        shade = tuple(int(d + (c - d) * (step / 60) ** 0.6) for d, c in zip(dye, CLOTH, strict=True))
        draw.line([(420 + step * 4, 60), (420 + step * 4 + step % 7, 660)], fill=shade, width=5)
    draw.rectangle((120, 60, 420, 660), fill=dye)
    return _as_photo(picture)


@cache
def missing_tooth() -> bytes:
    """Two rows of teeth on their tapes, one tooth short."""
    picture = Image.new("RGB", SIZE, CLOTH)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((300, 0, 470, 720), fill=TAPE)
    draw.rectangle((490, 0, 660, 720), fill=TAPE)
    for number, y in enumerate(range(10, 720, 34)):
        if number != 11:
            draw.rounded_rectangle((440, y, 496, y + 16), 5, fill=METAL)
        if number not in (11, 12):
            draw.rounded_rectangle((464, y + 17, 520, y + 33), 5, fill=METAL)
    draw.ellipse((400, 340, 560, 470), outline=(200, 30, 30), width=7)
    return _as_photo(picture)


@cache
def broken_box() -> bytes:
    """A carton with a torn corner and a label."""
    picture = Image.new("RGB", SIZE, (120, 124, 122))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((180, 140, 780, 620), fill=(186, 146, 98))
    draw.polygon([(780, 620), (640, 620), (690, 560), (660, 520), (780, 470)], fill=(70, 54, 40))
    draw.rectangle((240, 200, 470, 330), fill=(240, 240, 236))
    for y in range(220, 320, 18):
        draw.line((256, y, 440 - y % 40, y), fill=(60, 60, 60), width=4)
    return _as_photo(picture)


def _as_photo(picture: Image.Image) -> bytes:
    """Not too clean: a little out of focus, with the grain of a phone in a workshop."""
    grain = Random("grain")
    noise = Image.frombytes("L", (96, 72), grain.randbytes(96 * 72)).resize(SIZE, Image.Resampling.BICUBIC)
    softened = picture.filter(ImageFilter.GaussianBlur(1.2))
    out = BytesIO()
    Image.blend(softened, Image.merge("RGB", (noise, noise, noise)), 0.05).save(out, "JPEG", quality=82)
    return out.getvalue()
