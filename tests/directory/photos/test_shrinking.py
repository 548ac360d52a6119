"""What a phone sends becomes small, upright, and tells nothing of where it was taken."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from directory.photos import shrinking
from directory.photos.shrinking import MOST_BYTES, NotAPhotoError, shrink

GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


def drawn(width=1600, height=1200, mode="RGB"):
    """A picture with a red corner on the left, at the top."""
    image = Image.new(mode, (width, height), "#87a96b")
    ImageDraw.Draw(image).rectangle([0, 0, width // 4, height // 4], fill="#c0392b")
    return image


def written(image, format="JPEG", **options):
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def noise(side):
    return Image.effect_noise((side, side), 120).convert("RGB")


def camera(orientation=6):
    exif = Image.Exif()
    exif[MAKE] = "Camera of the farmer"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[2] = (47.0, 47.0, 35.0)
    return exif.tobytes()


def read(content):
    return Image.open(BytesIO(content))


def test_nothing_that_the_camera_wrote_is_left():
    sent = written(drawn(), exif=camera(), comment=b"rue de la Ferme", icc_profile=b"profile", dpi=(300, 300))
    assert b"Camera of the farmer" in sent
    assert read(sent).getexif().get_ifd(GPS)
    shrunk = shrink(sent)
    image = read(shrunk.content)
    assert not image.getexif()
    assert {"exif", "comment", "icc_profile", "xmp", "photoshop"}.isdisjoint(image.info)
    assert b"Camera of the farmer" not in shrunk.content
    assert b"rue de la Ferme" not in shrunk.content


def test_it_is_upright():
    shrunk = shrink(written(drawn(), exif=camera(orientation=6)))
    assert (shrunk.width, shrunk.height) == (900, 1200)
    red = read(shrunk.content).getpixel((850, 50))
    assert red[0] > 150 > red[1], "the corner of the left, turned to the right"


@pytest.mark.parametrize("mode", ["RGBA", "P", "I;16"])
def test_a_png_is_upright_too(mode):
    grey = Image.new("I;16", (1600, 1200), 128 * 256)
    sent = grey if mode == "I;16" else drawn().convert(mode)
    shrunk = shrink(written(sent, "PNG", exif=camera(orientation=6)))
    assert (shrunk.width, shrunk.height) == (900, 1200)


def test_greys_of_sixteen_bits_stay_grey():
    shrunk = shrink(written(Image.new("I;16", (600, 400), 128 * 256), "PNG"))
    assert all(abs(value - 128) < 3 for value in read(shrunk.content).getpixel((300, 200)))


def test_a_palette_is_averaged_not_picked():
    """Lines of black and white, one pixel each: what is seen from afar is grey."""
    lines = Image.frombytes("L", (2400, 2400), (b"\x00" * 2400 + b"\xff" * 2400) * 1200)
    shrunk = shrink(written(lines.convert("P"), "PNG"))
    assert 100 < read(shrunk.content).getpixel((600, 600))[0] < 155


def test_it_is_small_whatever_is_on_it():
    shrunk = shrink(written(noise(1500), quality=95))
    assert len(shrunk.content) <= MOST_BYTES
    assert min(shrunk.width, shrunk.height) >= 320
    plain = shrink(written(drawn(4000, 3000)))
    assert (plain.width, plain.height) == (1200, 900)
    assert read(plain.content).info["progressive"]
    assert read(plain.content).format == "JPEG"


def test_the_largest_sensors_of_phones_are_taken():
    assert shrink(written(Image.new("L", (8000, 6500)), quality=30)).width == 1200


def test_the_same_file_gives_the_same_photograph():
    sent = written(drawn())
    assert shrink(sent) == shrink(sent)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "1"])
def test_every_kind_of_pixels(mode):
    image = drawn(600, 400).convert(mode)
    format = "JPEG" if mode == "CMYK" else "PNG"
    assert read(shrink(written(image, format)).content).mode == "RGB"


def test_what_is_transparent_is_white():
    shrunk = shrink(written(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"))
    assert read(shrunk.content).getpixel((200, 200)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>", "unreadable"),
        (written(drawn(), "GIF"), "unreadable"),
        (written(drawn())[:5000], "unreadable"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "heic"),
        (written(drawn(1000, 100)), "too_small"),
    ],
)
def test_what_is_no_photograph(content, code):
    with pytest.raises(NotAPhotoError) as refused:
        shrink(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("format", "side", "options"),
    [("PNG", 4001, {}), ("WEBP", 4001, {}), ("JPEG", 4001, {"progressive": True}), ("JPEG", 8001, {})],
)
def test_a_bomb_is_refused_before_it_is_unfolded(monkeypatch, format, side, options):
    bomb = written(Image.new("L", (side, side)), format, **options)
    monkeypatch.setattr(shrinking, "_smooth", lambda image: pytest.fail("it was unfolded"))
    with pytest.raises(NotAPhotoError) as refused:
        shrink(bomb)
    assert refused.value.code == "too_large"


def test_a_bomb_beyond_what_pillow_would_open():
    with pytest.raises(NotAPhotoError):
        shrink(written(Image.new("1", (16000, 16000)), "PNG"))
