"""The baseline that every figure stands beside: retrieval as a LangChain tutorial builds it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from store.embedding import bundled_model_path

CHUNK, OVERLAP = 1000, 200
ADD_BATCH = 5_000


class TutorialIndex:
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and Chroma, with their defaults."""

    def __init__(self, folder: Path) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings

        self.embeddings = HuggingFaceEmbeddings(
            model_name=str(bundled_model_path()), model_kwargs={"device": "cpu"}
        )
        self._index = Chroma("tutorial", self.embeddings, persist_directory=str(folder))

    def add(self, texts: Sequence[str]) -> list[str]:
        """Split and index texts; returns the chunks."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        chunks = [chunk for text in texts for chunk in splitter.split_text(text)]
        for start in range(0, len(chunks), ADD_BATCH):
            self._index.add_texts(chunks[start : start + ADD_BATCH])
        return chunks

    def find(self, question: str, limit: int) -> list[str]:
        """The nearest chunks, best first."""
        return [found.page_content for found in self._index.similarity_search(question, k=limit)]
