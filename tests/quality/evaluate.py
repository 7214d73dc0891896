"""Measure the answers to our question set: ``python -m tests.quality.evaluate [open|kept|all]``.

Prints, by kind of question: how often the verdict is right, the share of gold points that the
cited sentences hold, the share of cited sentences that bear on the question, and whether every
quote stands in its document word for word. ``--failures`` lists what went wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bot.answering.engine import AnswerEngine
from bot.answering.model import Citation
from bot.settings import STARTER_CORPUS, Settings
from ingest.pipeline import ingest_files, scan
from store.embedding import BUNDLED_MODEL, load_embedder
from store.store import Store, open_store
from tests.quality.questions import Score, judge, load_cases


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("half", nargs="?", choices=["open", "kept", "all"], default="open")
    parser.add_argument("--failures", action="store_true")
    asked = parser.parse_args()
    cases = [case for case in load_cases() if asked.half in (case.half, "all")]
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder), lambda: embedder, "the evaluation") as store,
    ):
        ingest_files(scan([STARTER_CORPUS]), store)
        engine = AnswerEngine(store)
        scores = [judge(case, engine.answer(case.question)) for case in cases]
        citations = [citation for score in scores for citation in score.answer.citations]
        verbatim = np.mean([is_verbatim(citation, store) for citation in citations])
    console = Console(width=120)
    console.print(by_kind(scores))
    times = [score.answer.timings_ms["total"] for score in scores]
    sure = [score.answer.confidence for score in scores]
    console.print(
        f"verbatim {verbatim:.1%} of {len(citations)} quotes · confidence AUROC "
        f"{roc_auc_score([s.case.answerable for s in scores], sure):.3f} · "
        f"{np.median(times):.0f} ms p50, {np.percentile(times, 95):.0f} ms p95 a question"
    )
    if asked.failures:
        for score in scores:
            show_failure(score, console)
    return 0


def by_kind(scores: Sequence[Score]) -> Table:
    """A table of means by kind of question; other languages than English are kinds of their own."""
    table = Table("kind", "questions", "right verdict", "points covered", "sentences that bear")
    kinds = sorted({kind_of(score) for score in scores})
    groups = {kind: [score for score in scores if kind_of(score) == kind] for kind in kinds}
    groups["all answerable"] = [score for score in scores if score.case.answerable]
    groups["all unanswerable"] = [score for score in scores if not score.case.answerable]
    for kind, group in groups.items():
        table.add_row(
            kind,
            str(len(group)),
            f"{np.mean([score.right_verdict for score in group]):.2f}",
            mean([score.coverage for score in group]),
            mean([score.precision for score in group]),
        )
    return table


def kind_of(score: Score) -> str:
    """The kind of a score's question."""
    return score.case.kind if score.case.language == "en" else f"in {score.case.language}"


def mean(values: Sequence[float | None]) -> str:
    """The mean of the values that say something."""
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.2f}" if known else "-"


def is_verbatim(citation: Citation, store: Store) -> bool:
    """Whether the document gives back the quote at the place cited."""
    text = store.text(citation.document_id, citation.version)
    return text[citation.start : citation.end] == citation.quote


def show_failure(score: Score, console: Console) -> None:
    """Print a question that went wrong, and what was answered."""
    if score.right_verdict and score.coverage in (None, 1.0):
        return
    case = score.case
    console.rule(f"{case.id} {case.kind}: {case.question.text}", align="left")
    console.print(
        f"answerable {case.answerable}, {score.answer.verdict} at {score.answer.confidence}; "
        f"points {case.points}",
        markup=False,
    )
    for statement in score.answer.statements:
        console.print(f"  - {statement.text}", markup=False)
    for passage in case.passages[:2]:
        console.print(f"  gold: {passage}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
