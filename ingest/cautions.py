"""What to think of before a document goes in: nothing that stops it, each with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.embedding import Embedder
from store.model import Metadata, Range, Version

MANY_PASSAGES = 2_000
"""A book of a thousand pages; it takes minutes to embed and crowds out shorter documents."""
FEW_CHARACTERS = 200
"""Less than two sentences: often what is left of a page behind a wall."""

CautionKind = Literal[
    "instructions", "undated", "no publisher", "unknown publisher", "very long", "tiny", "language"
]


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to think of. ``ranges`` are the places in the text that it is about, if any."""

    kind: CautionKind
    message: str
    ranges: tuple[Range, ...] = ()


def cautions(version: Version, meta: Metadata, embedder: Embedder) -> tuple[Caution, ...]:
    """The cautions about a version whose details are ``meta``, the gravest first."""
    found = []
    if meta.published is None and meta.as_of is None:
        found.append(
            Caution(
                "undated",
                "No date is stated. Without one it is left out of questions about a past day.",
            )
        )
    if meta.publisher is None:
        found.append(Caution("no publisher", "No publisher is stated, so nobody stands behind it."))
    if len(version.passages) > MANY_PASSAGES:
        found.append(
            Caution(
                "very long",
                f"It is very long ({len(version.passages):,} passages): reading it in takes "
                "minutes, and the part that matters may do.",
            )
        )
    if len(version.text) < FEW_CHARACTERS:
        found.append(
            Caution(
                "tiny",
                f"It has only {len(version.text)} characters of text: perhaps not all was there "
                "to be read.",
            )
        )
    languages = embedder.languages
    if languages and meta.language and meta.language not in languages:
        found.append(
            Caution(
                "language",
                f"Its language ({meta.language}) is not one that the embedding model reads well: "
                "it is found by its words and names, hardly by its meaning.",
            )
        )
    return tuple(found)
