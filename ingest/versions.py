"""From a parsed document to a version that can be stored: its passages and their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.fetching.addresses import canonical
from ingest.parsed import ParsedDocument, RefusedError
from ingest.passages import TokenCounter, cut_passages
from store.embedding import Embedder, PassageEmbedding
from store.indexes import Progress
from store.instructions import find_instructions
from store.language import detect_language
from store.model import Version
from store.publishers import PublisherTable
from store.record import embedding_key

REPORT_EVERY = 16
"""Passages embedded between two reports of progress: a second or two."""


def make_version(
    parsed: ParsedDocument,
    counter: TokenCounter,
    *,
    scope: str,
    origin: str,
    bytes_sha256: str,
    added_by: str | None = None,
) -> Version:
    """Cut a parsed document into passages; raises :class:`RefusedError` if it has none."""
    passages = cut_passages(parsed, counter)
    if not passages:
        raise RefusedError("It has headings but no sentences, so there is nothing to quote.")
    metadata = parsed.metadata
    if metadata.language is None:
        metadata = replace(metadata, language=detect_language(parsed.text))
    return Version(
        scope,
        origin,
        bytes_sha256,
        parsed.text,
        metadata,
        passages,
        parsed.references,
        added_by,
        instructions=find_instructions(parsed.text),
    )


def read_version(
    parsed: ParsedDocument,
    embedder: TokenCounter,
    publishers: PublisherTable,
    *,
    scope: str,
    origin: str,
    bytes_sha256: str,
    added_by: str | None,
    url: str | None = None,
) -> Version:
    """:func:`make_version` with what the table of publishers adds to the details.

    ``url`` is the address that the document was fetched from, if it was.
    """
    stated = replace(parsed.metadata, url=_address(parsed.metadata.url, url, publishers))
    return make_version(
        replace(parsed, metadata=publishers.complete(stated)),
        embedder,
        scope=scope,
        origin=origin.encode("utf-8", "backslashreplace").decode(),
        bytes_sha256=bytes_sha256,
        added_by=added_by,
    )


def _address(stated: str | None, fetched: str | None, publishers: PublisherTable) -> str | None:
    """The address to show: what a page names as its own, if it lies where it was fetched from.

    A page may name any address; one on another site must not lend it that site's name.
    """
    if stated is None or fetched is None:
        return stated or fetched
    owner = publishers.of_address(fetched)
    related = owner is not None and owner == publishers.of_address(stated)
    return canonical(stated, fetched, related=related)


def embed_versions(
    versions: Sequence[Version],
    embedder: Embedder,
    known: set[str],
    progress: Progress | None = None,
) -> dict[str, PassageEmbedding]:
    """The vectors of all passages whose embedding key is not ``known``, by key."""
    wanted: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    for version in versions:
        for span in version.passages:
            key = embedding_key(version.text, span)
            if key not in known:
                text = version.text[span.start : span.end]
                wanted[key] = (text, [(s - span.start, e - span.start) for s, e in span.sentences])
    if not wanted:
        return {}
    if progress is None:
        return dict(zip(wanted, embedder.embed_passages(list(wanted.values())), strict=True))
    vectors: dict[str, PassageEmbedding] = {}
    keys = list(wanted)
    for start in range(0, len(keys), REPORT_EVERY):
        batch = keys[start : start + REPORT_EVERY]
        made = embedder.embed_passages([wanted[key] for key in batch])
        vectors.update(zip(batch, made, strict=True))
        progress(len(vectors), len(keys), "passages embedded")
    return vectors
