"""Metadata values as the store wants them: one trimmed line, ISO dates, plain language codes."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from ingest.formats.decoding import clean

MAX_VALUE = 300
"""Characters of a metadata value; a longer one is cut."""

_ISO = re.compile(r"(?<!\d)(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?![\d-])")
_SEPARATED = re.compile(r"(?<!\d)(\d{4})([./])\s?(\d{1,2})(?:\2\s?(\d{1,2}))?\.?(?!\d)")
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_EAST_ASIAN = re.compile(
    r"(?<!\d)(\d{4})\s*[年년]\s*(?:(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?)?"
)
# Only dots: with slashes nobody can tell 5 November from 11 May.
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_DAY_MONTH_YEAR = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([^\W\d]{3,9})\.?,?\s+(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(r"([^\W\d]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january янв января январь", "feb february фев февраля февраль",
            "mar march мар марта март", "apr april апр апреля апрель",
            "may май мая", "jun june июн июня июнь", "jul july июл июля июль",
            "aug august авг августа август", "sep sept september сен сентября сентябрь",
            "oct october окт октября октябрь", "nov november ноя ноября ноябрь",
            "dec december дек декабря декабрь",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# Each with the groups of its year, month and day.
_NUMERIC = (
    (_EAST_ASIAN, (1, 2, 3)),
    (_COMPACT, (1, 2, 3)),
    (_SEPARATED, (1, 3, 4)),
    (_ISO, (1, 2, 3)),
    (_DAY_FIRST, (3, 2, 1)),
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_.-]+)?")
_SUFFIX = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,10}$")
_NOTHING = {"", "~", "null", "none"}


def one_line(value: object) -> str | None:
    """A value as one trimmed line; lists become a comma-separated line, the rest ``None``."""
    if isinstance(value, list | tuple):
        lines = [line for line in map(one_line, value[:20]) if line]
        return one_line(", ".join(lines)) if lines else None
    if isinstance(value, datetime | date | int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    line = " ".join(clean(value[: 10 * MAX_VALUE]).split())
    if line.lower() in _NOTHING:
        return None
    return line if len(line) <= MAX_VALUE else line[: MAX_VALUE - 1].rstrip() + "…"


def iso_date(value: object) -> str | None:
    """A date as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ``None`` if it can't be read for sure."""
    text = one_line(value)
    if text is None:
        return None
    for pattern, order in _NUMERIC:
        match = pattern.match(text)
        if match:
            return _date(*(match[group] for group in order))
    found = _date_in_words(text)
    if found:
        return found
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def first_full_date(text: str) -> str | None:
    """The first date in a short line such as a byline that has a year, a month and a day."""
    for pattern, order in _NUMERIC:
        match = pattern.search(text)
        if match and all(match[group] for group in order):
            return _date(*(match[group] for group in order))
    found = _date_in_words(text)
    return found if found and len(found) == len("YYYY-MM-DD") else None


def language_code(value: object) -> str | None:
    """The bare language of a tag such as ``zh-Hant-TW``; anything else as it is."""
    line = one_line(value)
    match = _LANGUAGE.fullmatch(line) if line else None
    return match[1].lower() if match else line


def web_address(value: object) -> str | None:
    """An http(s) address, and ``None`` for anything that must not become a link."""
    line = one_line(value)
    if line is None or not re.match(r"https?://[^\s/]", line, re.IGNORECASE) or line.endswith("…"):
        return None
    return line


def readable_name(name: str) -> str:
    """A title made of a file name: ``harbour-news_2.txt`` becomes ``Harbour news 2``."""
    stem = _SUFFIX.sub("", unquote(name).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
    # Where a name has spaces, its hyphens are hyphens.
    words = re.sub(r"_+|%20|\+", " ", stem) if " " in stem else re.sub(r"[-_+]+", " ", stem)
    title = one_line(words) or "Untitled"
    return title[0].upper() + title[1:]


def _date_in_words(text: str) -> str | None:
    match = _MONTH_DAY_YEAR.search(text)
    if match and match[1].lower() in _MONTHS:
        return _date(match[3], str(_MONTHS[match[1].lower()]), match[2])
    match = _DAY_MONTH_YEAR.search(text)
    if match and match[2].lower() in _MONTHS:
        return _date(match[3], str(_MONTHS[match[2].lower()]), match[1])
    return None


def _date(year: str, month: str | None, day: str | None) -> str | None:
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not 1000 <= found.year <= 2999:
        return None
    return found.isoformat()[: 4 if month is None else 7 if day is None else 10]
