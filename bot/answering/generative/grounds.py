"""What a sentence says and what its sources say, each read once and in the same terms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path

from bot.answering.claims import ALIKE, LIGHT, Said
from bot.answering.generative.numbered import Shown
from store.aliases import WORD, find_entities
from store.analysis import STOP_TERMS, document_terms
from store.language import detect_language

HOMES = Path(__file__).parent / "homes.toml"
_MORE_ALIKE = tuple(
    frozenset(document_terms(words))
    for words in (
        "cap limit ceiling quota",
        "exceed exceeds above surpass surpassed passed",
        "exchange return swap",
        "obliges provide provides promise requires commits",
        "rejected disputes contradicted",
        "error mistake mistaken incorrect wrong",
        "approved voted consent endorsed",
        "invited asked",
    )
)
_OUTSIDE_WORDS = re.compile(r"[^\w'’-]+")


@cache
def homes() -> dict[str, str]:
    """The state that each person and organisation of the alias list belongs to."""
    table = tomllib.loads(HOMES.read_text("utf-8"))
    return {name: state for state, names in table.items() for name in names}


def meanings(text: str) -> frozenset[str]:
    """The content of a text: names and synonyms by their first name, other words as stems."""
    terms = document_terms(text)
    found = find_entities(text, terms)
    inside = {place for first, end, _ in found for place in range(first, end)}
    rest = {
        _alike(term) for place, term in enumerate(terms) if place not in inside and _tells(term)
    }
    return frozenset(rest | {entity.name for _, _, entity in found})


def own_words(text: str) -> list[str]:
    """The content words of a text as stems, each for itself."""
    return [term for term in document_terms(text) if _tells(term)]


def _tells(term: str) -> bool:
    return term not in STOP_TERMS | LIGHT and not term[0].isdigit()


def synonyms(text: str) -> frozenset[str]:
    """The groups of synonyms that a text has words of; they hold across languages."""
    found = find_entities(text, document_terms(text))
    return frozenset(entity.name for _, _, entity in found if entity.kind == WORD)


def _alike(term: str) -> str:
    return next((min(group) for group in (*ALIKE, *_MORE_ALIKE) if term in group), term)


def names_in(text: str, *, kinds: Iterable[str] = ()) -> frozenset[str]:
    """The names of the alias list that a text has; of some ``kinds`` only, if any are given."""
    wanted = frozenset(kinds)
    found = find_entities(text, document_terms(text))
    return frozenset(
        entity.name
        for _, _, entity in found
        if entity.kind != WORD and (not wanted or entity.kind in wanted)
    )


class Meant(Said):
    """A sentence, with its content, names and language."""

    @cached_property
    def meanings(self) -> frozenset[str]:
        """See :func:`meanings`."""
        return meanings(self.text)

    @cached_property
    def names(self) -> frozenset[str]:
        """All names of the alias list."""
        return names_in(self.text)

    @cached_property
    def language(self) -> str | None:
        """The code of its language, where its script tells."""
        return detect_language(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words as they are written, without the punctuation around them."""
        return [word.strip("'’-") for word in _OUTSIDE_WORDS.split(self.text) if word.strip("'’-")]


class Ground(Meant):
    """A cited sentence, the one before it if it needs that, and what stands above them."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(f"{shown.before} {shown.text}" if shown.before else shown.text)
        self.shown = shown
        self.about = Meant(shown.about)
        self.voices = Meant("; ".join(shown.voices))

    @cached_property
    def all_names(self) -> frozenset[str]:
        """Names that a sentence resting on this one may use.

        Of the title none of people: "Putin and Kim meet" does not say which of them said what.
        """
        about = names_in(self.shown.about) - names_in(self.shown.about, kinds=["person"])
        found = self.names | about | self.voices.names
        return found | {homes()[name] for name in found if name in homes()}

    @cached_property
    def content(self) -> frozenset[str]:
        """The content of the sentence and of what stands above it."""
        return self.meanings | self.about.meanings | self.voices.meanings | self.all_names


def grounds_of(cited: Sequence[Shown]) -> list[Ground]:
    """The cited sentences, read."""
    return [Ground(shown) for shown in cited]
