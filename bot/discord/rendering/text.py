"""Text from outside made safe to show: nothing in it can ping, format, link or break the layout."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from bot.discord.language import decimal, say, written_date

LONGEST_BUTTON_URL = 512

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
_STACKED_MARKS = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
_FORMATTING = re.compile(r"([\\*_~`|<>\[\]])")
_LINE_OPENING = re.compile(r"(?m)^(\s*)([#+-]|\d+(?=[.)]))")
_MASS_MENTION = re.compile(r"@(?=everyone|here)", re.IGNORECASE)


def printable(text: str) -> str:
    """Without control characters, turned directions, towers of accents and broken code units."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return _STACKED_MARKS.sub(r"\1", _UNPRINTABLE.sub("", whole))


def escaped(text: str) -> str:
    """Printable text that Discord shows as it stands. It may grow: cut with :func:`fitted`."""
    quiet = _MASS_MENTION.sub("@\u200b", _FORMATTING.sub(r"\\\1", printable(text)))
    return _LINE_OPENING.sub(_escape_opening, quiet)


def _escape_opening(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def one_line(text: str) -> str:
    """Runs of white space as single spaces."""
    return " ".join(text.split())


def fitted(text: str, room: int) -> str:
    """Text on one line, escaped, in at most ``room`` characters; cut between words with a mark."""
    line = one_line(text)
    whole = escaped(line)
    if len(whole) <= room:
        return whole
    kept = room
    while kept > 0:
        candidate = escaped(cut(line, kept))
        if len(candidate) <= room:
            return candidate
        kept -= max(1, len(candidate) - room)
    return "…"


def fitted_lines(text: str, room: int, *, from_end: bool = False) -> str:
    """Text with a line for each paragraph, escaped, in at most ``room`` characters.

    What does not fit is left out at the end, or at the beginning with ``from_end``.
    """
    while True:
        paragraphs = [escaped(one_line(part)) for part in text.split("\n") if part.strip()]
        shown = "\n".join(paragraphs)
        over = len(shown) - room
        if over <= 0:
            return shown
        text = text[over:] if from_end else text[:-over]


def cut(text: str, length: int) -> str:
    """The beginning of a text in at most ``length`` characters, ending between words if it can."""
    if len(text) <= length:
        return text
    head = text[: max(0, length - 2)]
    word_end = head.rfind(" ")
    return (head[:word_end] if word_end > length * 2 // 3 else head).rstrip() + " …"


def web_address(url: str | None) -> str | None:
    """The URL if it is a plain http(s) one, made safe inside of a masked link; else ``None``."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or parts.username:
        return None
    return quote(printable(url.strip()), safe=":/?#@!$&'*+,;=%~.-_")


def link(label: str, url: str | None, room: int = 80) -> str:
    """A masked link, or only its label where the URL is no plain http(s) one."""
    address = web_address(url)
    shown = fitted(label, room)
    return f"[{shown}]({address})" if address else shown


def day(value: str | None) -> str:
    """An ISO date, whole or partial, the way people write it."""
    parts = (value or "")[:10].split("-")
    try:
        numbers = [int(part) for part in parts]
        first = date(*[*numbers, 1, 1][:3])
    except (ValueError, TypeError):
        return say("undated")
    return written_date(first, min(len(numbers), 3))


def moment(value: str) -> str:
    """An ISO moment that Discord shows each reader in their own time zone."""
    try:
        return f"<t:{int(datetime.fromisoformat(value).timestamp())}:f>"
    except ValueError:
        return say("at an unknown time")


def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count >= 100_000:
        return say("{number} MB", number=decimal(count / 1_000_000, 1))
    return say("{number} kB", number=decimal(count / 1_000, 1))
