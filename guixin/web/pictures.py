"""Photos from outside are decoded and written anew, so that of the file that came only what can be seen remains:
no place where it was taken, no comment, nothing behind the last pixel.
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from guixin.web.refusals import Refused

MOST_PIXELS = 50_000_000
THUMBNAIL, PREVIEW = 480, 1600  # pixels of the longer side
_FORMATS = {"JPEG": ("JPEG", "image/jpeg"), "MPO": ("JPEG", "image/jpeg"), "PNG": ("PNG", "image/png"),
            "WEBP": ("WEBP", "image/webp")}  # fmt: skip
_SRGB = ImageCms.createProfile("sRGB")

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class TooManyPixels(Refused):
    """Refused by what its head says, before a pixel of it is decoded."""

    about_input = True


@dataclass(frozen=True)
class Picture:
    """A picture as we wrote it, with its two smaller ones, which are always JPEG."""

    content: bytes
    media_type: str
    width: int
    height: int
    preview: bytes
    thumbnail: bytes


def written_anew(content: bytes) -> Picture | None:
    """The picture without anything but its pixels, upright and in the colours of the screen; the first one, if it
    moves. None if it cannot be read as a picture. Raises TooManyPixels.
    """
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise TooManyPixels(_("A photo may have 50 million pixels; this one has more."))
            kind, media_type = _FORMATS[opened.format or ""]
            picture = _in_screen_colours(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixels(_("A photo may have 50 million pixels; this one has more.")) from bomb
    except (OSError, ValueError, SyntaxError, KeyError, EOFError, OverflowError, MemoryError, AttributeError,
            IndexError, TypeError, ArithmeticError):  # fmt: skip
        return None  # Pillow's decoders say in many ways that a file is not what it seems
    preview = _smaller(picture, PREVIEW)
    return Picture(
        content=_as_bytes(picture, kind),
        media_type=media_type,
        width=picture.width,
        height=picture.height,
        preview=_as_bytes(preview, "JPEG"),
        thumbnail=_as_bytes(_smaller(preview, THUMBNAIL), "JPEG"),
    )


def _in_screen_colours(opened: Image.Image) -> Image.Image:
    """Colours are what some complaints are about: the profile of the camera is applied before it is dropped."""
    profile = opened.info.get("icc_profile")
    see_through = opened.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in opened.info
    if profile and opened.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            shown = ImageCms.profileToProfile(opened, source, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            shown = None
        if shown is not None:
            return _bare(shown)
    return _bare(opened.convert("RGBA" if see_through else "RGB"))


def _bare(picture: Image.Image) -> Image.Image:
    picture.info = {}  # what Pillow would write back: profile, EXIF, text, comment
    return picture


def _smaller(picture: Image.Image, longest: int) -> Image.Image:
    small = picture.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        return paper
    return small


def _as_bytes(picture: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        picture.save(out, kind, compress_level=6)
    else:
        picture.save(out, kind, quality=88)
    return out.getvalue()
