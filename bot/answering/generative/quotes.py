"""Quotation marks that a model typed: around the exact words of a source, or taken off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_QUOTED = re.compile(
    r"“(?P<a>[^“”]{1,400})”|\"(?P<b>[^\"]{1,400})\"|«(?P<c>[^«»]{1,400})»|「(?P<d>[^「」]{1,400})」"
    r"|『(?P<e>[^『』]{1,400})』|(?<!\w)[‘'](?P<f>[^‘’']{1,400})[’'](?!\w)|„(?P<g>[^„“”]{1,400})[“”]"
)
_SAME = str.maketrans(
    dict.fromkeys("‘’ʼ′`´", "'") | dict.fromkeys("“”„«»″", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_LEFT_OVER = re.compile(r"[“”«»「」『』„\"]")
_ENDING = ".,;:!?。，"


def settle_quotes(text: str, sources: Sequence[str]) -> str:
    """The text with each quotation in the exact words of a source, or without its marks.

    Words count as found where they agree but for case, the shape of quotes and dashes, white
    space, and the compatibility forms of Unicode. Nothing is matched by likeness.
    """

    def settle(match: re.Match[str]) -> str:
        words = next(group for group in match.groups() if group is not None)
        bare = words.rstrip(_ENDING)
        exact = next((e for source in sources if (e := locate(bare, source))), None)
        return f"“{exact}”{words[len(bare) :]}" if exact else words

    settled = _QUOTED.sub(settle, text)
    kept = [match.span() for match in re.finditer("“[^“”]*”", settled)]
    return _LEFT_OVER.sub(
        lambda m: m[0] if any(m.start() in (a, b - 1) for a, b in kept) else "", settled
    )


def locate(words: str, source: str) -> str | None:
    """The stretch of a source that has these very words, as it stands there."""
    wanted, _ = _folded(words)
    have, places = _folded(source)
    wanted = wanted.strip()
    start = have.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        whole = not (have[start - 1 : start].isalnum() and have[start].isalnum())
        if whole and not (have[end - 1].isalnum() and have[end : end + 1].isalnum()):
            return source[places[start] : places[end - 1] + 1]
        start = have.find(wanted, start + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in one form, and for each of its characters its place in the text."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for folded in unicodedata.normalize("NFKC", char).casefold().translate(_SAME):
            one = " " if folded.isspace() else folded
            if one == " " and chars and chars[-1] == " ":
                continue
            chars.append(one)
            places.append(place)
    return "".join(chars), places
