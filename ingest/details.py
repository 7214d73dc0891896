"""The details of a document that a person may correct, and how what they type is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.formats.metadata import iso_date, language_code, one_line, web_address
from ingest.parsed import RefusedError
from store.model import KINDS, Detail

__all__ = ["Detail", "read_details"]


def read_details(typed: Mapping[Detail, str | None]) -> dict[Detail, str | None]:
    """The values of details as they are kept: one line, ISO dates, plain language codes.

    ``None`` or "" clears a detail. Raises :class:`RefusedError` with a sentence about the first
    that can't be read.
    """
    return {detail: _read(detail, value) for detail, value in typed.items()}


def _read(detail: Detail, value: str | None) -> str | None:
    line = one_line(value)
    if line is None:
        if detail == "title":
            raise RefusedError("A document needs a title.")
        return None
    reader = _READERS.get(detail)
    if reader is None:
        return line
    read, expected = reader
    found = read(line)
    if found is None:
        raise RefusedError(f"“{line}” can't be read as {detail.replace('_', ' ')}: {expected}")
    return found


def _kind(line: str) -> str | None:
    return line.casefold() if line.casefold() in KINDS else None


def _language(line: str) -> str | None:
    code = language_code(line)
    return code if code and len(code) in (2, 3) else None


_DATE = "give a day, a month or a year, such as 2024-12-04, 2024-12 or 2024."
_READERS: Mapping[Detail, tuple[Callable[[str], str | None], str]] = {
    "published": (iso_date, _DATE),
    "event": (iso_date, _DATE),
    "as_of": (iso_date, _DATE),
    "language": (_language, "give its code, such as en, ko, ru or zh."),
    "kind": (_kind, f"choose one of {', '.join(KINDS)}."),
    "url": (web_address, "give an address that begins with https:// or http://."),
}
