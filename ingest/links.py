"""Documents behind links, taken in one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace

from ingest.fetching import Fetched
from ingest.intake import Incoming, accept, draft
from ingest.parsed import RefusedError
from ingest.pipeline import IngestResult, result_of
from ingest.sandbox import ParserPool
from store.model import BASE_SCOPE, Metadata
from store.store import Store

Fetch = Callable[[str], Awaitable[Fetched]]
""":func:`ingest.fetching.fetch` with whatever options hold here."""


def incoming_of(found: Fetched) -> Incoming:
    """What was fetched, for the way in: its address after all redirects names the document."""
    return Incoming(found.data, found.name, found.url, url=found.url, charset=found.charset)


def ingest_links(
    links: Iterable[str],
    store: Store,
    fetch: Fetch,
    *,
    scope: str = BASE_SCOPE,
    added_by: str | None = None,
) -> Iterator[IngestResult]:
    """Take in what links lead to, a result for each in their order.

    A link that is refused, or a page that is, leaves nothing behind. Raises
    :class:`store.errors.StoreError` if the store can't be written; what was reported until
    then is kept.
    """
    with ParserPool(workers=1) as pool:
        for link in links:
            try:
                found = asyncio.run(_fetched(fetch, link))
                read = draft(incoming_of(found), store, pool, scope=scope, added_by=added_by)
            except RefusedError as refusal:
                yield IngestResult(link, "refused", str(refusal))
                continue
            result = result_of(link, read, accept(read, store))
            if result.outcome in ("added", "updated"):
                result = replace(result, note=_described(read.metadata))
            yield result


async def _fetched(fetch: Fetch, link: str) -> Fetched:
    return await fetch(link)


def _described(metadata: Metadata) -> str:
    who = metadata.publisher or "unknown publisher"
    return f"“{metadata.title}”, {who}, {metadata.published or 'undated'}"
