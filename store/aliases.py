"""Names across scripts (``aliases.toml``) and words that mean the same (``synonyms.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from store.analysis import STOP_WORDS, document_terms

TABLE = Path(__file__).parent / "aliases.toml"
SYNONYMS = Path(__file__).parent / "synonyms.toml"
Terms = tuple[str, ...]
WORD = "word"
"""The kind of an entity that is a group of synonyms rather than a name."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing with all its names; ``spellings`` are the terms of each, without repeats."""

    name: str
    kind: str
    names: tuple[str, ...]
    spellings: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class _Spelling:
    terms: Terms
    entity: Entity
    exact: str | None
    """The capitals in which the name must stand, where in small letters it is another word."""


@cache
def entities() -> tuple[Entity, ...]:
    """All entities of the table, and the groups of synonyms."""
    table = tomllib.loads(TABLE.read_text("utf-8"))["entity"]
    groups = tomllib.loads(SYNONYMS.read_text("utf-8"))["groups"]
    table += [{"name": group[0], "kind": WORD, "en": group[1:]} for group in groups]
    found = []
    for row in table:
        names = (
            row["name"],
            *(name for lang in ("en", "ko", "ru", "zh") for name in row.get(lang, [])),
        )
        spellings = dict.fromkeys(tuple(document_terms(name)) for name in names)
        found.append(Entity(row["name"], row["kind"], names, tuple(filter(None, spellings))))
    return tuple(found)


@cache
def _by_first_term() -> dict[str, list[_Spelling]]:
    index: dict[str, list[_Spelling]] = {}
    for entity in entities():
        for name in entity.names:
            terms = tuple(document_terms(name))
            if terms:
                exact = name if name.casefold() in STOP_WORDS else None
                index.setdefault(terms[0], []).append(_Spelling(terms, entity, exact))
    for spellings in index.values():
        spellings.sort(key=lambda spelling: -len(spelling.terms))
    return index


def find_entities(text: str, terms: Sequence[str]) -> list[tuple[int, int, Entity]]:
    """The entities that ``terms`` (those of ``text``, in order) name: (first, past last, entity).

    Of overlapping names the first and longest counts.
    """
    found = []
    place = 0
    while place < len(terms):
        for spelling in _by_first_term().get(terms[place], ()):
            end = place + len(spelling.terms)
            if tuple(terms[place:end]) == spelling.terms and (
                spelling.exact is None or spelling.exact in text
            ):
                found.append((place, end, spelling.entity))
                place = end
                break
        else:
            place += 1
    return found
