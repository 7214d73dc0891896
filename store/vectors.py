"""The vector index: one Chroma collection per scope. Derived from the record.

One collection per scope because Chroma's metadata filters are slow: a search without one
takes a few milliseconds at 300,000 passages, with one over a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb import Where
from chromadb.api.client import Client
from chromadb.config import Settings

from store.embedding import Vector
from store.lexical import ScoredIds, day_number
from store.model import Passage, known_on

EF_SEARCH = 400
"""HNSW's search width: recall 1.000 of exact search at 300,000 passages, for 8.6 ms."""
PREFIX = "passages-"


class VectorIndex:
    """Passages by their vectors, in an embedded Chroma.

    The folder must be open in one process only: two writers lose vectors silently, which is
    why the store holds a lock. Chroma raises exceptions of many types when a folder is broken.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._client = chromadb.PersistentClient(
            str(folder), Settings(anonymized_telemetry=False, allow_reset=False)
        )
        self._batch = self._client.get_max_batch_size()
        self._collections: dict[str, chromadb.Collection] = {
            collection.name.removeprefix(PREFIX): collection
            for collection in self._client.list_collections()
        }

    def close(self) -> None:
        """Let go of the folder. Chroma would else keep its connections until the process ends."""
        cast(Client, self._client).close()

    def add(self, passages: Sequence[tuple[Passage, Vector]]) -> None:
        """Add passages with their unit vectors; they can be found when this returns."""
        by_scope: dict[str, list[tuple[Passage, Vector]]] = {}
        for passage, vector in passages:
            by_scope.setdefault(passage.scope, []).append((passage, vector))
        for scope, members in by_scope.items():
            collection = self._collection(scope)
            for start in range(0, len(members), self._batch):
                batch = members[start : start + self._batch]
                collection.upsert(  # `add` would silently ignore an id that is there
                    ids=[passage.id for passage, _ in batch],
                    embeddings=np.stack([vector for _, vector in batch]),
                    metadatas=[_metadata(passage) for passage, _ in batch],
                )

    def refresh(self, passages: Iterable[Passage]) -> None:
        """Bring the dates of passages up to date; their vectors stay as they are."""
        by_scope: dict[str, list[Passage]] = {}
        for passage in passages:
            by_scope.setdefault(passage.scope, []).append(passage)
        for scope, members in by_scope.items():
            collection = self._collection(scope)
            for start in range(0, len(members), self._batch):
                batch = members[start : start + self._batch]
                collection.update(
                    ids=[passage.id for passage in batch],
                    metadatas=[_metadata(passage) for passage in batch],
                )

    def remove(self, versions: Iterable[tuple[str, int]]) -> None:
        """Take out all passages of the versions, given as (document id, number)."""
        names: list[str | int | float | bool] = [
            f"{identifier}.{number}" for identifier, number in versions
        ]
        if not names:
            return
        for collection in self._collections.values():
            collection.delete(where={"version": {"$in": names}})  # type: ignore[dict-item]

    def count(self) -> int:
        """The number of passages in the index."""
        return sum(collection.count() for collection in self._collections.values())

    def search(
        self, vector: Vector, scopes: Sequence[str], limit: int, as_of: date | None
    ) -> ScoredIds:
        """The passages nearest to a unit vector, as (id, cosine), best first."""
        found: ScoredIds = []
        until = {"day": {"$lte": day_number(as_of)}} if as_of else None
        for scope in scopes:
            collection = self._collections.get(scope)
            if collection is None or not (size := collection.count()):
                continue
            result = collection.query(
                query_embeddings=vector[np.newaxis, :],
                n_results=min(limit, size),
                where=cast("Where | None", until),
                include=["distances"],
            )
            distances = result["distances"] or [[]]
            found += [
                (identifier, 1.0 - float(distance))
                for identifier, distance in zip(result["ids"][0], distances[0], strict=True)
            ]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def _collection(self, scope: str) -> chromadb.Collection:
        if scope not in self._collections:
            self._collections[scope] = self._client.get_or_create_collection(
                PREFIX + scope,
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
            )
        return self._collections[scope]


def _metadata(passage: Passage) -> Mapping[str, str | int]:
    return {
        "version": f"{passage.document_id}.{passage.version}",
        "day": day_number(known_on(passage.metadata)),
    }
