"""How much a file may hold before it is refused."""

from ingest.parsed import RefusedError

MAX_BYTES = 50_000_000
"""Bytes of a file: more than any report has, little enough to read into memory."""

MAX_CHARACTERS = 5_000_000
"""Characters of a document's text: about ten long books."""

MAX_UNZIPPED_BYTES = 200_000_000
"""Bytes that a zipped format may unfold to."""

MAX_ZIP_RATIO = 200
"""Bytes that one zipped byte may unfold to, in all of the file."""

MAX_ZIP_ENTRIES = 10_000
"""Files inside a zipped format."""

MAX_PAGES = 5_000
"""Pages of a PDF: each takes some milliseconds, however often it is the same one."""

SMALLEST_POINTS = 2
"""The font size below which no reader sees a text, and only a program would read it."""


def check_size(size: int) -> None:
    """Raise :class:`RefusedError` if a file of so many bytes is too big."""
    if size > MAX_BYTES:
        raise RefusedError(
            f"It has {size / 1e6:,.0f} MB; the limit is {MAX_BYTES / 1e6:,.0f} MB. Split it, or "
            "take the part that matters."
        )
