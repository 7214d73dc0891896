"""The starter corpus keeps its promises.

The extractive composer quotes single sentences of these briefs as answers, so every sentence has
to be true by the fact sheet, cited, readable without its neighbours, in our own words, and unlike
any other. The fact sheet and the owner's article lie outside the repository (``../shared``); the
checks that need them are skipped where they are absent.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from tests.corpus.briefs import (
    CORPUS,
    ENGLISH_BRIEFS,
    ENGLISH_WORDS,
    KINDS,
    LONGEST_CHINESE_SENTENCE,
    LONGEST_SENTENCE,
    LONGEST_SHARED_RUN,
    MARKER,
    MARKERS,
    MISPLACED,
    NOT_PLAIN,
    OWNER_ARTICLE,
    PATHS,
    TRANSLATION_NOTES,
    TRANSLATION_WORDS,
    WEAK_OPENING,
    alike,
    all_sentences,
    fact_sheet,
    months_in,
    numbers_in,
    read,
    spelled_in,
    split,
    words,
)


def report(findings: list[str]) -> None:
    """Fail with one finding a line."""
    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


every_brief = pytest.mark.parametrize("path", PATHS, ids=[path.name for path in PATHS])


@every_brief
def test_front_matter_is_complete(path: Path) -> None:
    """The store takes title, dates, language and sources from here."""
    brief, found = read(path), []
    slug, _, suffix = path.name.removesuffix(".md").partition(".")
    if not brief.meta:
        found.append("no valid YAML between two lines of --- (quote a title with a colon)")
    if not isinstance(brief.meta.get("title"), str):
        found.append("no title")
    dates = {key: brief.meta.get(key) for key in ("published", "as_of")}
    found += [
        f"{key} is not a date like 2026-11-24: {day!r}"
        for key, day in dates.items()
        if type(day) is not dt.date
    ]
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
    """Readers judge a quote by who published its sources, when, and what kind that is."""
    brief, found = read(path), []
    if not brief.sources or len(brief.sources) != len(brief.meta["sources"]):
        found.append("sources is not a non-empty list of mappings")
    for entry in brief.sources:
        name = f"source {entry.get('url') or entry.get('publisher')!r}"
        keys = {"publisher", "url", "published", "kind", "facts"}
        if set(entry) != keys:
            found.append(f"{name}: keys {sorted(entry)} instead of {sorted(keys)}")
            continue
        if not isinstance(entry["published"], str) or not re.fullmatch(
            r"\d{4}(-\d\d){0,2}|n\.d\.", entry["published"]
        ):
            found.append(f"{name}: published is no quoted date or n.d.: {entry['published']!r}")
        if entry["kind"] not in KINDS:
            found.append(f"{name}: unknown kind {entry['kind']!r}")
        # The owner's article is a text we were handed: it has no address.
        if not str(entry["url"]).startswith(("https://", "http://")) and entry["kind"] != "article":
            found.append(f"{name}: no address")
        if not entry["publisher"]:
            found.append(f"{name}: no publisher")
    urls = [entry.get("url") for entry in brief.sources]
    found += [
        f"source listed twice: {url}"
        for url in sorted({str(url) for url in urls if urls.count(url) > 1})
    ]
    report(found)


@every_brief
def test_form(path: Path) -> None:
    """Heading, length and plain Markdown: what the splitter and the renderers count on."""
    brief, found = read(path), []
    if brief.heading != brief.meta.get("title"):
        found.append(
            f"first heading {brief.heading!r} is not the title {brief.meta.get('title')!r}"
        )
    if re.search(r"^# ", brief.text, re.MULTILINE):
        found.append("more than one first-level heading")
    if not re.search(r"^## ", brief.text, re.MULTILINE) and brief.language == "en":
        found.append("no second-level heading")
    plain = MARKERS.sub("", brief.text)
    count = len(re.findall(r"[^\W_](?:[\w'’.,-]*\w)?", plain))
    if brief.language == "en" and count not in ENGLISH_WORDS:
        found.append(f"{count} words; a brief has {ENGLISH_WORDS[0]} to {ENGLISH_WORDS[-1]}")
    if brief.language in {"ko", "ru"} and count not in TRANSLATION_WORDS:
        found.append(
            f"{count} words; a translation has {TRANSLATION_WORDS[0]} to {TRANSLATION_WORDS[-1]}"
        )
    found += [f"not plain Markdown: {match[0]!r}" for match in NOT_PLAIN.finditer(plain)]
    report(found)


@every_brief
def test_translation_is_marked_and_adds_nothing(path: Path) -> None:
    """A translated quote is ours, which the title says; its facts are the original's."""
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
    found += [
        f"malformed marker: {raw}"
        for raw in re.findall(r"\[\^[^\]]*\]?", brief.text)
        if not MARKER.match(raw)
    ]
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
    """Every fact used has its sources in the front matter, and no other fact has."""
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
    listed = {
        (fact, entry.get("url")) for entry in brief.sources for fact in entry.get("facts", ())
    }
    for fact in sorted({fact for fact, _ in listed} & sheet.keys()):
        found += [
            f"a source of {fact} is left out: {url}"
            for url in sheet[fact].urls
            if (fact, url) not in listed
        ]
    report(found)


@every_brief
def test_every_number_is_in_a_cited_fact(path: Path) -> None:
    """Figures are what people ask for; none comes from anywhere but the facts beside it."""
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
            found.append(
                f"{', '.join(missing)} not in {', '.join(one.facts) or 'any fact'}: {one.text}"
            )
    report(found)


@every_brief
def test_as_of_is_not_before_the_newest_fact(path: Path) -> None:
    """`as_of` tells how far the brief has come; no fact known to the day is newer."""
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
    lines = {
        fact: {words(part) for part in (row.text, *row.text.split("; "))}
        for fact, row in sheet.items()
    }
    for one in brief.sentences:
        own = words(one.text)
        found += [
            f"{one.text}\n  is like {fact}"
            for fact, parts in lines.items()
            if any(alike(own, p) for p in parts)
        ]
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
        shared = [
            " ".join(own[i : i + size])
            for i in range(len(own) - size + 1)
            if own[i : i + size] in runs
        ]
        found += [f"shares {shared[0]!r} with the article: {one.text}"] if shared else []
    report(found)


def test_there_are_enough_briefs() -> None:
    """Forty to sixty English briefs cover the subject without drowning it."""
    count = sum(read(path).language == "en" for path in PATHS)
    assert count in ENGLISH_BRIEFS, f"{count} English briefs"
