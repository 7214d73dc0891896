"""What is looked at before a zipped file is unfolded."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from ingest.formats.limits import MAX_UNZIPPED_BYTES, MAX_ZIP_ENTRIES, MAX_ZIP_RATIO
from ingest.parsed import RefusedError

_SMALL = 10_000_000  # below this a high ratio does no harm: empty pages compress well


def entry_names(data: bytes) -> set[str]:
    """The names inside a zip; none if it is damaged."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return set(archive.namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return set()


def check_zip(data: bytes, damaged: str) -> None:
    """Raise :class:`RefusedError` for a zip that unfolds to too much.

    One that is broken is refused with the sentence ``damaged``.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            if (
                len(entries) > MAX_ZIP_ENTRIES
                or size > MAX_UNZIPPED_BYTES
                or (size > _SMALL and size > MAX_ZIP_RATIO * len(data))
            ):
                raise RefusedError(
                    f"It unfolds to {size / 1e6:,.0f} MB in {len(entries):,} parts, which no "
                    "document needs; save the text alone as a new file."
                )
            # Reads each part in small steps: a size that lies is found before anyone trusts it.
            if archive.testzip() is not None:
                raise RefusedError(damaged)
    except (
        BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        raise RefusedError(damaged) from None
