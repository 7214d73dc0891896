"""What a question names: publishers of the corpus, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from store.analysis import fold

MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
_DATES = re.compile(
    rf"""\b(?:
        (?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)(?:-(?P<iso_day>\d\d))?
      | (?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<month_b>{_MONTH})\.?,?
        (?:\ (?P<year_b>(?:19|20)\d\d))?
      | (?P<month_c>{_MONTH})\.?\ (?P<day_c>\d{{1,2}})(?:st|nd|rd|th)?\b(?![,.]\d)
        (?:,?\ (?P<year_c>(?:19|20)\d\d))?
      | (?P<month_d>{_MONTH})\.?,?\ (?P<year_d>(?:19|20)\d\d)
    )\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date as far as a question names it; ``None`` where it doesn't."""

    year: int | None
    month: int
    day: int | None = None

    def fits(self, iso: str | None) -> bool:
        """Whether an ISO date agrees with every part that was named (and has them all)."""
        parts = (iso or "")[:10].split("-")
        wanted = [self.year, self.month, self.day]
        while wanted and wanted[-1] is None:
            wanted.pop()
        if len(parts) < len(wanted) or not all(part.isdigit() for part in parts):
            return False
        return all(
            want is None or want == int(part) for want, part in zip(wanted, parts, strict=False)
        )


def named_dates(question: str) -> list[NamedDate]:
    """The dates that name at least a month, in the order of the question."""
    found = []
    for match in _DATES.finditer(question.casefold()):
        part = {name.split("_")[0]: value for name, value in match.groupdict().items() if value}
        month, day = match["iso_month"], match["iso_day"] or match["day_first"] or match["day_c"]
        year = match["iso_year"] or match["year_b"] or match["year_c"] or match["year_d"]
        number = int(month) if month else _month_number(part["month"])
        if 1 <= number <= 12 and (day is None or 1 <= int(day) <= 31):
            found.append(NamedDate(int(year) if year else None, number, int(day) if day else None))
    return found


def named_publishers(question: str, publishers: Iterable[str]) -> list[str]:
    """Those of the publishers that the question names, in the order of the question."""
    folded = fold(question)
    places = []
    for publisher in publishers:
        match = _publisher_pattern(publisher).search(folded)
        if match:
            places.append((match.start(), -len(publisher), publisher))
    return [publisher for _, _, publisher in sorted(places)]


@lru_cache(maxsize=4096)
def _publisher_pattern(publisher: str) -> re.Pattern[str]:
    name = fold(publisher).split(" | ")[0].strip()
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _month_number(name: str) -> int:
    return next(i for i, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))
