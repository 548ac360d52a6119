"""How a list arrives: one file, in memory, never on disk, and no more of it than a list may have."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from directory.chambers.lists import MOST_BYTES

MOST_FILES = 1


class BoundedUploadHandler(FileUploadHandler):
    """One that reads what is too much without keeping it: the form then comes without the file, `refused` is set."""

    most_bytes = MOST_BYTES
    refused = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.files = self.bytes = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > MOST_FILES:
            raise SkipFile
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.bytes += len(raw_data)
        if self.bytes > self.most_bytes:
            self.refused = True
            self.file = BytesIO()
            raise SkipFile
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name, self.content_type, file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
