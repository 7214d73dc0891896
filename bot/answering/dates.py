"""Dates in a text, with where they stand and how they bind: on, from or until that day.

Reads English, Russian, Korean and Chinese dates, bare years, and ISO. Unlike
:func:`store.mentions.named_dates`, which serves the search, it says what was written and what
follows from a neighbour: in "2 January 2024 … on 4 January" the year of the second is inferred.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from store.mentions import MONTHS

Relation = Literal["on", "from", "until"]

_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
_RU_STEMS = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_RU_MONTH = (
    r"январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?"
    r"|сентябр[ьяе]|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе]"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?!\d)(?:st|nd|rd|th)?"
_DATES = re.compile(
    rf"""
    (?<![\w.-])(?P<iso_y>{_YEAR})-(?P<iso_m>\d\d)(?:-(?P<iso_d>\d\d))?(?![\w-])
  | (?<![\w./])(?P<dot_d>\d{{1,2}})\.(?P<dot_m>\d{{1,2}})\.(?P<dot_y>{_YEAR})(?!\w)
  | (?<![\w./])(?P<unclear>\d{{1,2}}/\d{{1,2}}/(?:{_YEAR}|\d\d))(?!\w)
  | (?<!\d)(?P<cjk_y>{_YEAR})\s?[年년]
      (?:\s?(?P<cjk_m>\d{{1,2}})\s?[月월](?:\s?(?P<cjk_d>\d{{1,2}})\s?[日일])?)?
  | (?<!\d)(?P<cjk_m2>\d{{1,2}})\s?[月월](?:\s?(?P<cjk_d2>\d{{1,2}})\s?[日일])?
  | (?<![\w.,])(?:(?P<df_d0>{_DAY})\s?(?:to|until|and|or|-|–)\s?)?(?P<df_d>{_DAY})\ (?:of\ )?
    (?P<df_m>{_MONTH})\b\.?(?:,?\ (?P<df_y>{_YEAR})\b)?
  | \b(?P<mf_m>{_MONTH})\b\.?\ (?P<mf_d>{_DAY})(?![,.]?\d)(?![\w%])(?:,?\ (?P<mf_y>{_YEAR})\b)?
  | \b(?P<my_m>{_MONTH})\b\.?,?\ (?P<my_y>{_YEAR})\b
  | (?<![\w.,])(?P<ru_d>\d{{1,2}})\ (?P<ru_m>{_RU_MONTH})\b(?:\ (?P<ru_y>{_YEAR})\b)?
  | \b(?P<ru_m2>{_RU_MONTH})\ (?P<ru_y2>{_YEAR})\b
  | \b(?P<bare_m>{"|".join(MONTHS)})\b
  | (?<![\w.,$€£/-])(?P<bare_y>{_YEAR})(?![\w%/]|[.,]\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s*(?:north|south|корейск|korean|chinese|russian|soldiers?|troops|men|people|fighters|workers"
    r"|containers?|shells?|rounds|missiles?|dead|deaths|killed|wounded|casualties|engineers"
    r"|barrels?|dollars?|km|mm|m\b|tons?|tonnes|человек|солдат|военн|погибш|убит|ранен|명|인|人|名|개"
    r"|个|발|发|多)",
    re.IGNORECASE,
)
_ROUND = re.compile(
    r"(?:about|around|some|roughly|approximately|nearly|almost|over|more than|at least|up to|~"
    r"|(?:около|примерно)(?:\s(?:до|в|к|о))?|более|свыше|约|약)\s*$",
    re.IGNORECASE,
)
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|from|of|early|late|mid-?|last|to|and|between|during|through|its)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:since|from|after|с|после|自)\s*$", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:until|till|to|by|by late|by early|by mid-|before|up to"
    r"|through|к|до|по)\s*$|(?:截至|截止|到)$",
    re.IGNORECASE,
)
_FROM_AFTER = re.compile(r"\s?(?:부터|이후|以来|以后|起)")
_UNTIL_AFTER = re.compile(r"\s?(?:말\s?|중순\s?)?(?:까지|以前|之前|底)")
_VAGUE = re.compile(r"\b(?:around|about|circa|early|late|mid-?|около|примерно)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as far as a text gives it, and its place there.

    ``inferred`` says that the year stands with another date; ``vague`` that the text says
    "around" or "early"; ``unclear`` dates (11/4/2024) may be read in two ways and fit none.
    """

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    relation: Relation = "on"
    inferred: bool = False
    vague: bool = False
    unclear: bool = False

    def is_given_by(self, other: DateMention) -> bool:
        """Whether the other date is this one, or more exact and within it."""
        if self.unclear or other.unclear:
            return False
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or mine == theirs for mine, theirs in pairs)

    def excludes(self, other: DateMention) -> bool:
        """Whether the two can't be the same day: a part that both name differs."""
        if self.unclear or other.unclear or self.vague or other.vague:
            return False
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(a is not None and b is not None and a != b for a, b in pairs)

    @property
    def parts(self) -> tuple[int, int, int]:
        """Year, month and day, 0 where not known."""
        return (self.year or 0, self.month or 0, self.day or 0)


def find_dates(text: str) -> list[DateMention]:
    """The dates of a text, in order."""
    found: list[DateMention] = []
    for match in _DATES.finditer(text):
        part = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
        if (
            ("bare_y" in part and _is_count(text, match))
            or ("bare_m" in part and not _is_month(text, match))
            or (part.get("df_m", part.get("mf_m", "")) == "may" and "df_y" not in part)
        ):
            continue
        mention = _mention(part, text, match.start(), match.end())
        if mention is None:
            continue
        if "df_d0" in part:
            first = int(re.sub(r"\D", "", part["df_d0"]))
            found.append(replace(mention, day=first, relation="from"))
            mention = replace(mention, relation="until")
        found.append(mention)
    return _with_years(found)


def _mention(part: dict[str, str], text: str, start: int, end: int) -> DateMention | None:
    if "unclear" in part:
        return DateMention(None, None, None, start, end, unclear=True)
    value = {key.rsplit("_", 1)[1]: value for key, value in part.items() if key != "df_d0"}
    year = int(value["y"]) if "y" in value else None
    month = _month(value["m"]) if "m" in value else None
    day = int(re.sub(r"\D", "", value["d"])) if "d" in value else None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    before = text[max(0, start - 24) : start]
    relation: Relation = "on"
    bare = _VAGUE.sub("", before)
    if _FROM.search(bare) or _FROM_AFTER.match(text, end):
        relation = "from"
    elif _UNTIL.search(bare) or _UNTIL_AFTER.match(text, end):
        relation = "until"
    return DateMention(year, month, day, start, end, relation, vague=bool(_VAGUE.search(before)))


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    lowered = name.casefold()
    for number, (english, russian) in enumerate(zip(MONTHS, _RU_STEMS, strict=True), 1):
        is_may = number == 5 and lowered in ("may", "май", "мая", "мае")
        if is_may or lowered[:3] == english[:3] or (number != 5 and lowered.startswith(russian)):
            return number
    return 0


def _is_count(text: str, match: re.Match[str]) -> bool:
    """Whether four digits that might be a year count something ("about 2000 soldiers")."""
    before = text[max(0, match.start() - 16) : match.start()]
    return bool(_ROUND.search(before) or _COUNTED.match(text, match.end()))


def _is_month(text: str, match: re.Match[str]) -> bool:
    """Whether a month's name alone is one: a capital, behind a word of time ("in March")."""
    before = text[max(0, match.start() - 12) : match.start()]
    return match[0][0].isupper() and bool(_BEFORE_MONTH.search(before))


def _with_years(found: list[DateMention]) -> list[DateMention]:
    """Give dates without a year that of the one before, else of the one behind.

    Only where the months then stand in order, so that December takes no year from January.
    """
    known = list(found)
    for place, date in enumerate(found):
        if date.year is not None or date.month is None:
            continue
        earlier = [d for d in known[:place] if d.year is not None]
        later = [d for d in found[place + 1 :] if d.year is not None]
        if earlier and (earlier[-1].month or 0) <= date.month:
            known[place] = replace(date, year=earlier[-1].year, inferred=True)
        elif not earlier and later and date.month <= (later[0].month or 0):
            known[place] = replace(date, year=later[0].year, inferred=True)
    return known
