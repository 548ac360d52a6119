"""A photograph as a phone takes it -> a small JPEG that tells nothing but what is to be seen. Pure.

Nothing of the file that came is kept: its pixels are drawn onto a new image, turned as the camera was held, and written
anew. What the camera wrote (place, time, device, thumbnail) is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

MOST_SENT = 15 * 2**20
MOST_BYTES = 60_000
# A bomb of a few kilobytes unfolds to gigabytes. The largest sensors of phones in use have 50 million pixels, and write
# a JPEG that is decoded no larger than is of use; other files are unfolded whole, at four bytes a pixel.
MOST_PIXELS, MOST_UNFOLDED = 64_000_000, 16_000_000
SHORTEST_SIDE = 240
# Longest side and quality, the best first: below quality 60 a smaller image looks better than a coarser one.
STEPS = (
    (1200, 80), (1200, 70), (1200, 60), (1024, 66), (1024, 58), (800, 66), (800, 54), (640, 60), (640, 48), (480, 48),
    (480, 36), (320, 40), (320, 25),
)  # fmt: skip
FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class NotAPhotoError(ValueError):
    """What was sent cannot be shown: `code` is heic, unreadable, too_large or too_small."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A progressive JPEG of at most MOST_BYTES."""

    content: bytes
    width: int
    height: int


def shrink(content: bytes) -> Shrunk:
    """The same content gives the same photograph. Raises NotAPhotoError."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        raise NotAPhotoError("heic")
    image = _pixels(content)
    for side, quality in STEPS:
        smaller = image.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        written = BytesIO()
        smaller.save(written, "JPEG", quality=quality, progressive=True, optimize=True)
        if written.tell() <= MOST_BYTES:
            return Shrunk(written.getvalue(), smaller.width, smaller.height)
    raise NotAPhotoError("unreadable")  # even noise fits into the last step


def _pixels(content: bytes) -> Image.Image:
    """What is to be seen, upright, on white where it was transparent, without anything besides."""
    largest = STEPS[0][0]
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as sent:
            if sent.width * sent.height > _most_pixels(sent):
                raise NotAPhotoError("too_large")
            if min(sent.size) < SHORTEST_SIDE:
                raise NotAPhotoError("too_small")
            sent.draft("RGB", (2 * largest, 2 * largest))
            smaller = _smooth(sent)
            smaller.thumbnail((largest, largest), Image.Resampling.LANCZOS, reducing_gap=3.0)
            ImageOps.exif_transpose(smaller, in_place=True)
            seen = smaller.convert("RGBA")
    except NotAPhotoError:
        raise
    except Exception as error:  # a damaged file fails in its decoder in more ways than Pillow names
        raise NotAPhotoError("unreadable") from error
    clean = Image.new("RGB", seen.size, "white")
    clean.paste(seen, mask=seen.getchannel("A"))
    return clean


def _most_pixels(sent: Image.Image) -> int:
    """A progressive JPEG keeps all that it has of every pixel until its end, and so is unfolded too."""
    in_strips = sent.format == "JPEG" and not sent.info.get("progressive")
    return MOST_PIXELS if in_strips else MOST_UNFOLDED


def _smooth(sent: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged: of greys of 16 bits, the 8 that are to be seen."""
    if sent.mode.startswith("I"):
        grey = sent.point(lambda value: value * (1 / 256)).convert("L")
        grey.info = sent.info
        return grey
    return sent.convert("RGBA") if sent.mode in ("P", "1") else sent
