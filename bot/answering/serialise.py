"""Answers and hits as plain data, for `--json` and whatever drives Tumen from outside."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.answering.model import Answer, Citation
from store.model import Hit


def answer_data(answer: Answer, identifier: str | None = None) -> dict[str, Any]:
    """An answer as JSON-ready data; ``identifier`` is the asker's own id of the question."""
    return {
        "id": identifier,
        "question": answer.question.text,
        "standalone_question": answer.standalone_question,
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "composer": answer.composer,
        "statements": [
            {"text": statement.text, "citations": list(statement.citations)}
            for statement in answer.statements
        ],
        "citations": [_citation_data(citation) for citation in answer.citations],
        "nearest": [hit_data(hit) for hit in answer.nearest],
        "notice": answer.notice,
        "details": asdict(answer.details) if answer.details else None,
        "timings_ms": {name: round(value, 2) for name, value in answer.timings_ms.items()},
    }


def hit_data(hit: Hit) -> dict[str, Any]:
    """A passage that was found as JSON-ready data."""
    passage = hit.passage
    return {
        "document_id": passage.document_id,
        "version": passage.version,
        "passage_id": passage.id,
        "title": passage.metadata.title,
        "publisher": passage.metadata.publisher,
        "published": passage.metadata.published,
        "kind": passage.metadata.kind,
        "author": passage.metadata.author,
        "event": passage.metadata.event,
        "as_of": passage.metadata.as_of,
        "url": passage.metadata.url,
        "headings": list(passage.heading_path),
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": hit.score,
        "similarity": round(hit.similarity, 4),
        "ranks": hit.ranks,
        "reasons": list(hit.reasons),
        "instructions": [list(one) for one in passage.instructions],
    }


def _citation_data(citation: Citation) -> dict[str, Any]:
    data = asdict(citation)
    data["n"] = data.pop("number")
    return {"n": data.pop("n"), **data}
