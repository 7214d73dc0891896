"""The store as a LangChain retriever, for use in anybody's own chain."""

from __future__ import annotations

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from store.model import BASE_SCOPE
from store.store import Store


class StoreRetriever(BaseRetriever):
    """Finds passages in one scope of a store, as LangChain documents with their provenance."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Store
    scope: str = BASE_SCOPE
    limit: int = 10
    as_of: date | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        del run_manager
        result = self.store.search(query, scope=self.scope, limit=self.limit, as_of=self.as_of)
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "document_id": hit.passage.document_id,
                    "version": hit.passage.version,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "title": hit.passage.metadata.title,
                    "publisher": hit.passage.metadata.publisher,
                    "published": hit.passage.metadata.published,
                    "url": hit.passage.metadata.url,
                    "score": hit.score,
                },
            )
            for hit in result.hits
        ]
