"""The starter corpus keeps its promises.

The extractive composer quotes single sentences of these briefs as answers, so every sentence has to be true by the
fact sheet, cited, readable without its neighbours, in our own words, and unlike any other. The fact sheet and the
owner's article lie outside the repository (``../shared``); the checks that need them are skipped where they are absent.
"""

from __future__ import annotations

import calendar
import datetime as dt
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
# A translation says so in its title: there it reaches the citation and can never be quoted as an answer.
TRANSLATION_NOTES = {"ko": "(Tumen 팀 번역)", "ru": "(перевод команды Tumen)", "zh": "（Tumen 团队译）"}  # noqa: RUF001
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
MISPLACED = re.compile(r"[^.!?。！？”\"')）\]]\[\^|\]\s+\[\^|\s\[\^")  # noqa: RUF001
CLOSING = re.compile(
    r"[.!?]+[\"”’)»]*(?=\s+[\"“‘(«]?[A-ZА-ЯЁ0-9가-힣]|\s*$)|[。！？]+[”」』\"）]*",  # noqa: RUF001
)
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Dr|St|Gen|No|vs|U\.S|U\.K|U\.N|e\.g|i\.e|тыс|млн|млрд|г)\.$")  # noqa: RUF001
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
    rf"(?:\s*(?:to|[-–~]|до|至|到|에서|내지)\s*(?P<high>{NUMERAL}))?"  # noqa: RUF001
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

    A scale word counts: "1,300", "600万", "1,5 миллиарда". Of "1.7 to 5.5 billion" the first may be meant either way.
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
    """Value of one numeral; a comma or space before three digits groups thousands, any other comma is a decimal one."""
    grouped = re.sub(r"[,\s](?=\d{3}(?!\d))", "", numeral)
    return Decimal(grouped.replace(",", "."))


def spelled_in(text: str) -> frozenset[Decimal]:
    """Values of the small English number words in `text`."""
    return frozenset(SPELLED[word.lower()] for word in SPELLED_WORD.findall(text))


def months_in(text: str) -> frozenset[int]:
    """Numbers of the months named in `text`, in English or Russian."""
    english = {MONTHS[name] for name in MONTH.findall(text)}
    russian = {n for n, stem in enumerate(RUSSIAN_MONTHS, start=1) if re.search(rf"\b{stem}\w{{0,2}}\b", text)}
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
            values=spelled_in(said).union(*numbers_in(said), map(Decimal, iso), map(Decimal, months)),
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
            sentences += [Sentence(path.name, one, facts) for one in split(block[start : group.start()])]
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
    return tuple((one, words(one.text)) for brief in briefs if brief.language == language for one in brief.sentences)


def report(findings: list[str]) -> None:
    """Fail with one finding a line."""
    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


every_brief = pytest.mark.parametrize("path", PATHS, ids=[path.name for path in PATHS])


@every_brief
def test_front_matter_is_complete(path: Path) -> None:
    """The store takes title, dates, language and sources from here and shows them with each quote."""
    brief, found = read(path), []
    slug, _, suffix = path.name.removesuffix(".md").partition(".")
    if not brief.meta:
        found.append("no valid YAML between two lines of --- (quote a title with a colon)")
    if not isinstance(brief.meta.get("title"), str):
        found.append("no title")
    dates = {key: brief.meta.get(key) for key in ("published", "as_of")}
    found += [f"{key} is not a date like 2026-11-24: {day!r}" for key, day in dates.items() if type(day) is not dt.date]
    if not found and brief.meta["as_of"] > brief.meta["published"]:
        found.append("as_of is later than published")
    if brief.meta.get("publisher") != "Tumen briefs":
        found.append(f'publisher is not "Tumen briefs": {brief.meta.get("publisher")!r}')
    if brief.language != (suffix or "en"):
        found.append(f"language {brief.language!r} does not fit the file name")
    if suffix and brief.meta.get("translation_of") != slug:
        found.append(f"translation_of is not {slug!r}: {brief.meta.get('translation_of')!r}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        found.append("the file name is not lower-case words with hyphens")
    report(found)


@every_brief
def test_sources_are_well_formed(path: Path) -> None:
    """Readers judge a quote by who published its sources, when, and what kind of publisher that is."""
    brief, found = read(path), []
    if not brief.sources or len(brief.sources) != len(brief.meta["sources"]):
        found.append("sources is not a non-empty list of mappings (run the script that fills it in)")
    for entry in brief.sources:
        name = f"source {entry.get('url') or entry.get('publisher')!r}"
        keys = {"publisher", "url", "published", "kind", "facts"}
        if set(entry) != keys:
            found.append(f"{name}: keys {sorted(entry)} instead of {sorted(keys)}")
            continue
        if not isinstance(entry["published"], str) or not re.fullmatch(r"\d{4}(-\d\d){0,2}|n\.d\.", entry["published"]):
            found.append(f"{name}: published is no quoted date or n.d.: {entry['published']!r}")
        if entry["kind"] not in KINDS:
            found.append(f"{name}: unknown kind {entry['kind']!r}")
        # The owner's article is a text we were handed: it has no address.
        if not str(entry["url"]).startswith(("https://", "http://")) and entry["kind"] != "article":
            found.append(f"{name}: no address")
        if not entry["publisher"]:
            found.append(f"{name}: no publisher")
    urls = [entry.get("url") for entry in brief.sources]
    found += [f"source listed twice: {url}" for url in sorted({str(url) for url in urls if urls.count(url) > 1})]
    report(found)


@every_brief
def test_form(path: Path) -> None:
    """Heading, length and plain Markdown: what the splitter and the renderers count on."""
    brief, found = read(path), []
    if brief.heading != brief.meta.get("title"):
        found.append(f"first heading {brief.heading!r} is not the title {brief.meta.get('title')!r}")
    if re.search(r"^# ", brief.text, re.MULTILINE):
        found.append("more than one first-level heading")
    if not re.search(r"^## ", brief.text, re.MULTILINE) and brief.language == "en":
        found.append("no second-level heading")
    plain = MARKERS.sub("", brief.text)
    count = len(re.findall(r"[^\W_](?:[\w'’.,-]*\w)?", plain))  # noqa: RUF001
    if brief.language == "en" and count not in ENGLISH_WORDS:
        found.append(f"{count} words; a brief has {ENGLISH_WORDS[0]} to {ENGLISH_WORDS[-1]}")
    if brief.language in {"ko", "ru"} and count not in TRANSLATION_WORDS:
        found.append(f"{count} words; a translation has {TRANSLATION_WORDS[0]} to {TRANSLATION_WORDS[-1]}")
    found += [f"not plain Markdown: {match[0]!r}" for match in NOT_PLAIN.finditer(plain)]
    report(found)


@every_brief
def test_translation_is_marked_and_adds_nothing(path: Path) -> None:
    """A translated quote is ours, not a source's: the title says so, and the facts are those of the original."""
    brief = read(path)
    if brief.language == "en":
        return
    found = []
    note = TRANSLATION_NOTES.get(brief.language)
    if note is None or not brief.heading.endswith(note):
        found.append(f"the title does not end with {note!r}")
    original = CORPUS / f"{brief.meta.get('translation_of')}.md"
    if not original.is_file():
        found.append(f"the original {original.name} does not exist")
    else:
        added = sorted(brief.facts - read(original).facts)
        found += [f"{added} are not in the original"] if added else []
    report(found)


@every_brief
def test_every_sentence_is_covered_by_a_marker(path: Path) -> None:
    """An uncovered sentence would be quoted without support."""
    brief = read(path)
    found = [f"no marker covers: {one.text}" for one in brief.sentences if not one.facts]
    found += [f"malformed marker: {raw}" for raw in re.findall(r"\[\^[^\]]*\]?", brief.text) if not MARKER.match(raw)]
    for match in MISPLACED.finditer(brief.text):
        context = brief.text[max(0, match.start() - 30) : match.end() + 12]
        found.append(f"marker not right after the closing punctuation: …{context!r}")
    report(found)


@every_brief
def test_every_sentence_can_stand_alone(path: Path) -> None:
    """The extractive composer shows single sentences: they must be short and name their subject."""
    brief, found = read(path), []
    for one in brief.sentences:
        count = len(one.text) if brief.language == "zh" else len(one.text.split())
        limit = LONGEST_CHINESE_SENTENCE if brief.language == "zh" else LONGEST_SENTENCE
        if count > limit:
            found.append(f"{count} long, at most {limit}: {one.text}")
        if WEAK_OPENING.match(one.text):
            found.append(f"opens with a word that needs its neighbours: {one.text}")
    report(found)


@every_brief
def test_markers_and_sources_agree(path: Path) -> None:
    """Every fact used has its sources in the front matter, and no source is there for a fact that is not used."""
    brief = read(path)
    sourced = {fact for entry in brief.sources for fact in entry.get("facts", ())}
    unsourced, unused = sorted(brief.facts - sourced), sorted(sourced - brief.facts)
    found = [f"used without a source: {', '.join(unsourced)}"] if unsourced else []
    found += [f"listed in the sources but not used: {', '.join(unused)}"] if unused else []
    report(found)


@every_brief
def test_sources_are_those_of_the_fact_sheet(path: Path) -> None:
    """No address is invented, none is left out, and each stands for the facts it was read for."""
    sheet, brief, found = fact_sheet(), read(path), []
    for entry in brief.sources:
        for fact in entry.get("facts", ()):
            if fact not in sheet:
                found.append(f"{fact} is not in the fact sheet")
            elif entry.get("url") not in sheet[fact].urls:
                found.append(f"{entry.get('url')} is no source of {fact}")
    listed = {(fact, entry.get("url")) for entry in brief.sources for fact in entry.get("facts", ())}
    for fact in sorted({fact for fact, _ in listed} & sheet.keys()):
        found += [f"a source of {fact} is left out: {url}" for url in sheet[fact].urls if (fact, url) not in listed]
    report(found)


@every_brief
def test_every_number_is_in_a_cited_fact(path: Path) -> None:
    """Figures and dates are what people ask for; none may come from anywhere but the facts named beside it."""
    sheet, brief, found = fact_sheet(), read(path), []
    for one in brief.sentences:
        cited = [sheet[fact] for fact in one.facts if fact in sheet]
        values = {number for fact in cited for number in fact.values}
        told = numbers_in(one.text)
        if brief.language == "en":
            told += [{number} for number in sorted(spelled_in(one.text))]
        missing = [f"{max(number).normalize():f}" for number in told if not number & values]
        months = months_in(one.text) - {month for fact in cited for month in fact.months}
        missing += [f"month {month}" for month in sorted(months)]
        if missing:
            found.append(f"{', '.join(missing)} not in {', '.join(one.facts) or 'any fact'}: {one.text}")
    report(found)


@every_brief
def test_as_of_is_not_before_the_newest_fact(path: Path) -> None:
    """`as_of` tells the reader how far the brief has come; facts known to the day must not be newer."""
    sheet, brief = fact_sheet(), read(path)
    as_of = str(brief.meta.get("as_of"))
    dates = [sheet[fact].date for fact in brief.facts & sheet.keys()]
    newest = max((date for date in dates if len(date) == len("2026-11-24")), default="")
    report([f"as_of {as_of} is before the newest fact, {newest}"] if as_of < newest else [])


@every_brief
def test_no_two_sentences_are_alike(path: Path) -> None:
    """Twins would fill an answer with the same thing twice."""
    brief, found = read(path), []
    everything = all_sentences(brief.language)
    for one in brief.sentences:
        own = words(one.text)
        twins = [other for other, theirs in everything if other is not one and alike(own, theirs)]
        found += [f"{one.text}\n  is like one in {other.brief}: {other.text}" for other in twins]
    report(found)


@every_brief
def test_no_sentence_is_taken_from_the_fact_sheet(path: Path) -> None:
    """The sheet's wording stays its own; ours is said anew."""
    sheet, brief, found = fact_sheet(), read(path), []
    lines = {fact: {words(part) for part in (row.text, *row.text.split("; "))} for fact, row in sheet.items()}
    for one in brief.sentences:
        own = words(one.text)
        found += [f"{one.text}\n  is like {fact}" for fact, parts in lines.items() if any(alike(own, p) for p in parts)]
    report(found)


@every_brief
def test_no_sentence_is_taken_from_the_owners_article(path: Path) -> None:
    """The article is retold, never copied: neither its sentences nor a run of its words."""
    if not OWNER_ARTICLE.is_file():
        pytest.skip(f"the owner's article is not at {OWNER_ARTICLE}: nothing to compare with")
    text = OWNER_ARTICLE.read_text(encoding="utf-8")
    lines = [words(sentence) for line in text.splitlines() for sentence in split(line)]
    size, flat = LONGEST_SHARED_RUN + 1, words(text)
    runs = {flat[i : i + size] for i in range(len(flat) - size + 1)}
    found = []
    for one in read(path).sentences:
        own = words(one.text)
        if any(alike(own, line) for line in lines):
            found.append(f"like a sentence of the article: {one.text}")
        shared = [" ".join(own[i : i + size]) for i in range(len(own) - size + 1) if own[i : i + size] in runs]
        found += [f"shares {shared[0]!r} with the article: {one.text}"] if shared else []
    report(found)


def test_there_are_enough_briefs() -> None:
    """Forty to sixty English briefs cover the subject without drowning it."""
    count = sum(read(path).language == "en" for path in PATHS)
    assert count in ENGLISH_BRIEFS, f"{count} English briefs"
