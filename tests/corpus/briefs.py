"""Reading the starter corpus for its tests: briefs, their marked sentences, numbers, facts."""

from __future__ import annotations

import calendar
import functools
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
FACT_SHEET = ROOT.parent / "shared" / "facts" / "facts.jsonl"
OWNER_ARTICLE = ROOT.parent / "shared" / "documents" / "owner-article.txt"
PATHS = sorted(CORPUS.glob("*.md"))

KINDS = frozenset(
    {
        "state media",
        "government",
        "agency",
        "outlet",
        "think tank",
        "party to the conflict",
        "reference",
        "digest",
        "company",
        "article",
    },
)
# A translation says so in its title: there it reaches the citation and is never quoted.
TRANSLATION_NOTES = {
    "ko": "(Tumen 팀 번역)",
    "ru": "(перевод команды Tumen)",
    "zh": "（Tumen 团队译）",
}
ENGLISH_WORDS = range(250, 901)
TRANSLATION_WORDS = range(80, 601)
ENGLISH_BRIEFS = range(40, 61)
LONGEST_SENTENCE = 45
LONGEST_CHINESE_SENTENCE = 110  # characters
LONGEST_SHARED_RUN = 7  # consecutive words in common with the owner's article
ALIKE = 0.8  # Jaccard index of the word sets
SHORTEST_COMPARED = 8  # words; shorter sentences are only compared for equality

MARKER = re.compile(r"\[\^([A-Z]{2}-\d{2})\]")
MARKERS = re.compile(r"(?:\[\^[^\]\s]*\])+")
MISPLACED = re.compile(r"[^.!?。！？”\"')）\]]\[\^|\]\s+\[\^|\s\[\^")
CLOSING = re.compile(
    r"[.!?]+[\"”’)»]*(?=\s+[\"“‘(«]?[A-ZА-ЯЁ0-9가-힣]|\s*$)|[。！？]+[”」』\"）]*",
)
ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Dr|St|Gen|No|vs|U\.S|U\.K|U\.N|e\.g|i\.e|тыс|млн|млрд|г)\.$"
)
NOT_PLAIN = re.compile(r"\*\*|__|\]\(|!\[|<[A-Za-z/!]|^\s*>|^\s*\|", re.MULTILINE)
WEAK_OPENING = re.compile(r"^(?:It|They|He|She|This|That|These|Those|However|Also|But)\b")
CJK = re.compile(r"[\u3400-\u9fff]")

# "One" and "first" are left out: they seldom count anything.
SPELLED = {
    "half": Decimal("0.5"),
    **dict.fromkeys(("two", "twice", "second"), Decimal(2)),
    **dict.fromkeys(("three", "third"), Decimal(3)),
    **dict.fromkeys(("four", "fourth"), Decimal(4)),
    **dict.fromkeys(("five", "fifth"), Decimal(5)),
    **dict.fromkeys(("six", "sixth"), Decimal(6)),
    **dict.fromkeys(("seven", "seventh"), Decimal(7)),
    **dict.fromkeys(("eight", "eighth"), Decimal(8)),
    **dict.fromkeys(("nine", "ninth"), Decimal(9)),
    **dict.fromkeys(("ten", "tenth"), Decimal(10)),
    "eleven": Decimal(11),
    **dict.fromkeys(("twelve", "dozen", "dozens"), Decimal(12)),
    "thirteen": Decimal(13),
    "fourteen": Decimal(14),
    "fifteen": Decimal(15),
    "twenty": Decimal(20),
    "thirty": Decimal(30),
    "forty": Decimal(40),
    "fifty": Decimal(50),
}
SPELLED_WORD = re.compile(rf"\b(?:{'|'.join(SPELLED)})\b", re.IGNORECASE)
SCALES = {
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
    "тысяч": 3,
    "миллион": 6,
    "миллиард": 9,
    "천": 3,
    "만": 4,
    "억": 8,
    "千": 3,
    "万亿": 12,
    "万": 4,
    "亿": 8,
}
NUMERAL = r"\d{1,3}(?:[ \u00a0]\d{3})+(?!\d)|\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?"
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?<![\dA-Za-z])(?P<low>{NUMERAL})"
    rf"(?:\s*(?:to|[-–~]|до|至|到|에서|내지)\s*(?P<high>{NUMERAL}))?"
    rf"(?:[\s-]*[多余]?(?P<scale>{SCALE}))?",
)
ONE_OF_A_SCALE = re.compile(r"\ba (thousand|million|billion|trillion)\b")
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b")
RUSSIAN_MONTHS = (
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма[йя]",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)


@dataclass(frozen=True)
class Fact:
    """One line of the fact sheet, with what a sentence may take from it."""

    text: str
    date: str
    values: frozenset[Decimal]
    months: frozenset[int]
    urls: frozenset[str]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a brief and the facts its markers name (none if no marker covers it)."""

    brief: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """A parsed brief: front matter, first heading, text below it, sentences."""

    path: Path
    meta: dict[str, Any]
    heading: str
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def language(self) -> str:
        """Language code of the front matter, English if it is missing (another test says so)."""
        return str(self.meta.get("language", "en"))

    @property
    def facts(self) -> frozenset[str]:
        """Fact ids named by the markers of the text."""
        return frozenset(MARKER.findall(self.text))

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The front matter's sources, as far as they are a list of mappings."""
        entries = self.meta.get("sources") or []
        return [entry for entry in entries if isinstance(entry, dict)]


def numbers_in(text: str) -> list[set[Decimal]]:
    """Numbers in digits in `text`, each as its possible values.

    A scale word counts: "1,300", "600万", "1,5 миллиарда". Of "1.7 to 5.5 billion" the first may
    be meant either way.
    """
    found = [{Decimal(10) ** SCALES[word]} for word in ONE_OF_A_SCALE.findall(text)]
    for match in NUMBER.finditer(text):
        factor = Decimal(10) ** SCALES[match["scale"]] if match["scale"] else Decimal(1)
        low = value(match["low"])
        if match["high"]:
            found += [{low, low * factor}, {value(match["high"]) * factor}]
        else:
            found.append({low * factor})
    return found


def value(numeral: str) -> Decimal:
    """Value of one numeral; a comma or space before three digits groups thousands."""
    grouped = re.sub(r"[,\s](?=\d{3}(?!\d))", "", numeral)
    return Decimal(grouped.replace(",", "."))


def spelled_in(text: str) -> frozenset[Decimal]:
    """Values of the small English number words in `text`."""
    return frozenset(SPELLED[word.lower()] for word in SPELLED_WORD.findall(text))


def months_in(text: str) -> frozenset[int]:
    """Numbers of the months named in `text`, in English or Russian."""
    english = {MONTHS[name] for name in MONTH.findall(text)}
    russian = {
        n
        for n, stem in enumerate(RUSSIAN_MONTHS, start=1)
        if re.search(rf"\b{stem}\w{{0,2}}\b", text)
    }
    return frozenset(english | russian)


@functools.cache
def fact_sheet() -> dict[str, Fact]:
    """Load the fact sheet by id; skip the calling test where the sheet is absent."""
    if not FACT_SHEET.is_file():
        pytest.skip(f"the fact sheet is not at {FACT_SHEET}: the checks against it are left out")
    sheet = {}
    for line in FACT_SHEET.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        iso: list[int] = [int(part) for part in re.findall(r"\d+", row["date"])]
        said = " ".join((row["fact"], row["who_says"], row.get("note") or ""))
        months = months_in(said) | set(iso[1:2])
        sheet[row["id"]] = Fact(
            text=row["fact"],
            date=row["date"],
            values=spelled_in(said).union(
                *numbers_in(said), map(Decimal, iso), map(Decimal, months)
            ),
            months=frozenset(months),
            urls=frozenset(source["url"] for source in row["sources"]),
        )
    return sheet


def blocks(text: str) -> list[str]:
    """Paragraphs and list items of `text`, each on one line; headings are left out."""
    found: list[list[str]] = []
    fresh = True
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            fresh = True
            continue
        item = re.match(r"(?:[-*+]|\d+[.)])\s+", stripped)
        if item or fresh:
            found.append([])
        found[-1].append(stripped[item.end() :] if item else stripped)
        fresh = False
    return [" ".join(lines) for lines in found]


def split(text: str) -> list[str]:
    """Sentences of `text`, stripped."""
    found, start = [], 0
    for match in CLOSING.finditer(text):
        if ABBREVIATION.search(text[: match.end()]) and text[match.end() :].strip():
            continue
        found.append(text[start : match.end()])
        start = match.end()
    return [sentence.strip() for sentence in (*found, text[start:]) if sentence.strip()]


@functools.cache
def read(path: Path) -> Brief:
    """Parse a brief; what is missing comes out empty, and the form test says so."""
    raw = path.read_text(encoding="utf-8")
    parts = re.match(r"---\n(.*?)\n---\n(.*)\Z", raw, re.DOTALL)
    front, body = (parts[1], parts[2]) if parts else ("", raw)
    try:
        meta = yaml.safe_load(front) or {}
    except yaml.YAMLError:
        meta = {}
    heading = re.match(r"\s*# (.+)\n", body)
    text = body[heading.end() :] if heading else body
    sentences = []
    for block in blocks(text):
        start = 0
        for group in MARKERS.finditer(block):
            facts = tuple(MARKER.findall(group[0]))
            sentences += [
                Sentence(path.name, one, facts) for one in split(block[start : group.start()])
            ]
            start = group.end()
        sentences += [Sentence(path.name, one, ()) for one in split(block[start:])]
    return Brief(path, meta, heading[1].strip() if heading else "", text, tuple(sentences))


def words(text: str) -> tuple[str, ...]:
    """Lower-case words; Chinese, which has no spaces, counts by pairs of characters."""
    if CJK.search(text):
        plain = re.sub(r"\W", "", text.lower())
        return tuple(plain[i : i + 2] for i in range(len(plain) - 1))
    return tuple(re.findall(r"\w+(?:[.,]\d+)*", text.lower()))


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two sentences are the same or nearly the same by their words."""
    if one == other:
        return True
    if min(len(one), len(other)) < SHORTEST_COMPARED:
        return False
    left, right = set(one), set(other)
    if min(len(left), len(right)) < ALIKE * max(len(left), len(right)):
        return False
    return len(left & right) >= ALIKE * len(left | right)


@functools.cache
def all_sentences(language: str) -> tuple[tuple[Sentence, tuple[str, ...]], ...]:
    """Every sentence of the corpus in `language`, with its words."""
    briefs = (read(path) for path in PATHS)
    return tuple(
        (one, words(one.text))
        for brief in briefs
        if brief.language == language
        for one in brief.sentences
    )
