"""What to think of before a document goes in: nothing that stops it, each with a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from store.embedding import Embedder
from store.instructions import find_instructions
from store.model import Metadata, Range, Version
from store.publishers import PublisherTable, host_of

MANY_PASSAGES = 2_000
"""A book of a thousand pages; it takes minutes to embed and crowds out shorter documents."""
FEW_CHARACTERS = 200
"""Less than two sentences: often what is left of a page behind a wall."""

CautionKind = Literal[
    "instructions",
    "left out",
    "other address",
    "no publisher",
    "unknown publisher",
    "undated",
    "very long",
    "tiny",
    "language",
]


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to think of. ``ranges`` are the places in the text that it is about, if any."""

    kind: CautionKind
    message: str
    ranges: tuple[Range, ...] = ()


def cautions(
    version: Version,
    meta: Metadata,
    embedder: Embedder,
    publishers: PublisherTable,
    warnings: Sequence[str] = (),
) -> tuple[Caution, ...]:
    """The cautions about a version whose details are ``meta``, the gravest first.

    ``warnings`` are what its parser had to say (:class:`ingest.parsed.ParsedDocument`).
    """
    return (
        *_about_instructions(version),
        *(Caution("left out", warning) for warning in warnings),
        *_about_publisher(meta, publishers),
        *_about_date(meta),
        *_about_text(version, meta, embedder),
    )


def _about_instructions(version: Version) -> Iterator[Caution]:
    ranges = version.instructions
    if ranges is None:
        ranges = find_instructions(version.text)
    if ranges:
        places = "1 place" if len(ranges) == 1 else f"{len(ranges)} places"
        yield Caution(
            "instructions",
            f"It has text in {places} that is hidden, or worded like instructions to an AI. It "
            "can be quoted, is marked as such, and steers nothing; look whether it belongs there.",
            ranges,
        )


def _about_publisher(meta: Metadata, publishers: PublisherTable) -> Iterator[Caution]:
    if meta.publisher is None:
        yield Caution("no publisher", "No publisher is stated, so nobody stands behind it.")
        return
    known = publishers.named(meta.publisher)
    if known is None and meta.kind in (None, "unknown"):
        yield Caution(
            "unknown publisher",
            f"{meta.publisher} is not in the table of publishers, so what kind of source it is "
            "stays open unless you say.",
        )
    if known and known.domains and meta.url and publishers.of_address(meta.url) != known:
        yield Caution(
            "other address",
            f"It says it is from {known.name}, but {host_of(meta.url)} is no address of "
            f"{known.name} that is known here: perhaps a copy.",
        )


def _about_date(meta: Metadata) -> Iterator[Caution]:
    if meta.published is None and meta.as_of is None:
        yield Caution(
            "undated",
            "No date is stated. Without one it is left out of questions about a past day.",
        )


def _about_text(version: Version, meta: Metadata, embedder: Embedder) -> Iterator[Caution]:
    if len(version.passages) > MANY_PASSAGES:
        yield Caution(
            "very long",
            f"It is very long ({len(version.passages):,} passages): reading it in takes "
            "minutes, and the part that matters may do.",
        )
    if len(version.text) < FEW_CHARACTERS:
        yield Caution(
            "tiny",
            f"It has only {len(version.text)} characters of text: perhaps not all was there "
            "to be read.",
        )
    languages = embedder.languages
    if languages and meta.language and meta.language not in languages:
        yield Caution(
            "language",
            f"Its language ({meta.language}) is not one that the embedding model reads well: "
            "it is found by its words and names, hardly by its meaning.",
        )
