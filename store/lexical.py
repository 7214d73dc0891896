"""The lexical index: BM25 over terms, in tantivy. Derived from the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import tantivy
from rapidfuzz.distance import OSA

from store.analysis import is_correctable, split_words, terms_of
from store.model import Passage, known_on
from store.question import Concept

SCHEMA_VERSION = "2"
"""Part of the index's fingerprint: raise it when the schema or the analysis changes."""
WRITER_BYTES = 64_000_000
UNKNOWN_DAY = 99_999_999
"""The day of an undated document: after every date, so that an ``as_of`` search leaves it out."""

SUBSTITUTED = 6
"""Letters from which on one may stand for another."""
LONG_WORD = 8
"""Letters from which on a word may have two edits."""

ScoredIds = list[tuple[str, float]]


def day_number(day: date | None) -> int:
    """A date as one number that sorts, ``20241204``; :data:`UNKNOWN_DAY` for none."""
    return day.year * 10_000 + day.month * 100 + day.day if day else UNKNOWN_DAY


class LexicalIndex:
    """Passages by their words, title, headings, publisher and date.

    Raises ``ValueError`` or ``OSError`` from the constructor when the folder holds a broken index.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("version", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("scope", tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("day", indexed=True, fast=True)
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="basic")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))

    def add(self, passages: Iterable[Passage]) -> None:
        """Add passages; they can be found when this returns."""
        with self._writer() as writer:
            for passage in passages:
                writer.add_document(_document(passage))

    def refresh(self, passages: Iterable[Passage]) -> None:
        """Bring the details of passages up to date: in one commit, so none is missing between."""
        with self._writer() as writer:
            for passage in passages:
                writer.delete_documents_by_term("id", passage.id)
                writer.add_document(_document(passage))

    def remove(self, versions: Iterable[tuple[str, int]]) -> None:
        """Take out all passages of the versions, given as (document id, number)."""
        with self._writer() as writer:
            for identifier, number in versions:
                writer.delete_documents_by_term("version", f"{identifier}.{number}")

    @contextmanager
    def _writer(self) -> Iterator[tantivy.IndexWriter]:
        """A writer; what it wrote can be found when the context ends."""
        writer = self._index.writer(WRITER_BYTES, 1)
        yield writer
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def count(self) -> int:
        """The number of passages in the index."""
        return int(self._index.searcher().num_docs)

    def documents_with(self, term: str) -> int:
        """The number of passages that have a term."""
        return int(self._index.searcher().doc_freq("terms", term))

    def search(
        self, concepts: Sequence[Concept], scopes: Sequence[str], limit: int, as_of: date | None
    ) -> ScoredIds:
        """The passages with the best BM25 scores over the concepts, best first, as (id, score).

        A concept counts with its best wording in the passage.
        """
        wanted = [self._concept_query(concept) for concept in concepts if concept.known]
        if not wanted:
            return []
        occur = tantivy.Occur
        words = tantivy.Query.boolean_query([(occur.Should, query) for query in wanted])
        parts = [(occur.Must, words), (occur.Must, self._in_scopes(scopes))]
        if as_of is not None:
            until = tantivy.Query.range_query(
                self._schema, "day", tantivy.FieldType.Unsigned, 0, day_number(as_of)
            )
            parts.append((occur.Must, tantivy.Query.const_score_query(until, 0.0)))
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(parts), limit)
        return [
            (str(searcher.doc(address).get_first("id")), float(score))
            for score, address in found.hits
        ]

    def respell(self, word: str, scopes: Sequence[str]) -> str | None:
        """The word of the scopes' passages that an unknown one is probably a misspelling of.

        One edit away (two for long words) with the same first letter, the most frequent first.
        In short words a letter may be missing, doubled or in the wrong place, but not be another
        one: "rome" is no misspelt "role". Of words that differ only in their ending from known
        ones, only those with two letters in each other's place are taken for misspelt.
        """
        searcher = self._index.searcher()
        if not is_correctable(word) or searcher.doc_freq("words", word):
            return None
        inflected = any(self.documents_with(term) for term in terms_of([word]))
        allowed = 1 if len(word) < LONG_WORD or inflected else 2
        near = []
        for other, count in searcher.terms_with_prefix("words", word[0], self._in_scopes(scopes)):
            swapped = sorted(other) == sorted(word)
            if not swapped and (inflected or (len(word) < SUBSTITUTED and len(word) == len(other))):
                continue
            distance = OSA.distance(word, other, score_cutoff=allowed)
            if distance <= allowed:
                near.append((distance, -count, other))
        return min(near)[2] if near else None

    def _concept_query(self, concept: Concept) -> tantivy.Query:
        wordings = [self._wording_query(wording) for wording in concept.wordings]
        return wordings[0] if len(wordings) == 1 else tantivy.Query.disjunction_max_query(wordings)

    def _wording_query(self, wording: Sequence[str]) -> tantivy.Query:
        terms = [tantivy.Query.term_query(self._schema, "terms", term) for term in wording]
        if len(terms) == 1:
            return terms[0]
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in terms])

    def _in_scopes(self, scopes: Sequence[str]) -> tantivy.Query:
        within = tantivy.Query.term_set_query(self._schema, "scope", list(scopes))
        return tantivy.Query.const_score_query(within, 0.0)


def _document(passage: Passage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", passage.id)
    document.add_text("version", f"{passage.document_id}.{passage.version}")
    document.add_text("scope", passage.scope)
    document.add_unsigned("day", day_number(known_on(passage.metadata)))
    words = split_words(_searchable(passage))
    document.add_text("terms", " ".join(terms_of(words)))
    document.add_text("words", " ".join(filter(is_correctable, set(words))))
    return document


def _searchable(passage: Passage) -> str:
    meta = passage.metadata
    return "\n".join(
        part
        for part in (
            meta.title,
            *passage.heading_path,
            meta.publisher,
            meta.published,
            passage.text,
        )
        if part
    )
