"""Photographs to send."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def jpeg(colour: str = "#87a96b", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A photograph that a phone may have taken, with where it was."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (47.0, 47.0, 35.0)
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", exif=exif.tobytes())
    return file.getvalue()


def upload(content: bytes | None = None, name: str = "IMG_2041.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, content_type="image/jpeg")
