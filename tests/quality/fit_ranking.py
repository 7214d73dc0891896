"""Learn the ranking's weights: ``python -m tests.quality.fit_ranking`` prints them.

From three sets at once: MultiHop-RAG's development half, with and without the names and dates
in its questions (``../shared/multihop``), SQuAD 2.0 over its own paragraphs
(``../shared/squad``), and the open half of our own questions. The loss is the cross-entropy of
a softmax over the passages of one question (ListNet, Cao et al. 2007). Beside the weights it
prints how each set does in five-fold cross-validation with them and with the weights in use.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from scipy.optimize import minimize

from bot.answering.followup import stand_alone
from bot.evaluation.cases import read_cases
from bot.settings import QUESTION_SET, STARTER_CORPUS
from ingest.pipeline import ingest_files, scan
from store.reranking import DEPTH, WEIGHTS, Signs
from store.store import Store
from tests.benchmarks import multihop, squad

FOLDS = 5
REGULARISATION = 1e-3
IMPORTANCE = {"own": 10.0, "squad": 0.5, "multihop": 0.5, "multihop, masked": 0.5}
"""What one question of a set weighs."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question's passages: signs of shape (passages, signs), and which of them are right."""

    group: str
    fold: int
    learnt_from: bool
    signs: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> int:
    """Print the weights and what they achieve."""
    if not (multihop.DATA.exists() and squad.DATA.exists()):
        print("The benchmark data is not there; nothing was fitted.")
        return 1
    questions = [*own_questions(), *squad_questions(), *multihop_questions()]
    table = Table("", "at 1", "at 5", "at 10", "MRR")
    learnt = [
        learn([q for q in questions if q.learnt_from and q.fold != fold]) for fold in range(FOLDS)
    ]
    in_use = np.array(WEIGHTS)
    for group in dict.fromkeys(question.group for question in questions):
        members = [question for question in questions if question.group == group]
        table.add_row(f"{group}: in use", *figures(members, lambda _: in_use))
        table.add_row(f"{group}: learnt", *figures(members, lambda q: learnt[q.fold]))
    Console(width=100).print(table)
    final = learn([question for question in questions if question.learnt_from])
    for name, weight in zip(Signs._fields, final, strict=True):
        print(f"    {name}={weight:.2f},")
    return 0


def learn(questions: Sequence[Ranked]) -> NDArray[np.float64]:
    """The weights that give the right passages the most of the softmax, shape (signs,)."""
    telling = [q for q in questions if q.right.any() and not q.right.all()]
    signs = np.vstack([q.signs for q in telling])
    right = np.concatenate([q.right for q in telling])
    lengths = [len(q.right) for q in telling]
    starts = np.cumsum([0, *lengths[:-1]])
    of = np.repeat(np.arange(len(telling)), lengths)
    wanted = right / np.add.reduceat(right.astype(float), starts)[of]
    importance = np.array([IMPORTANCE[q.group] for q in telling])
    importance /= importance.sum()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = signs @ weights
        scores -= np.maximum.reduceat(scores, starts)[of]
        powers = np.exp(scores)
        totals = np.add.reduceat(powers, starts)
        surprise = np.add.reduceat(-wanted * (scores - np.log(totals)[of]), starts)
        gradient = signs.T @ ((powers / totals[of] - wanted) * importance[of])
        penalty = REGULARISATION * weights
        return float(importance @ surprise + penalty @ weights), gradient + 2 * penalty

    return minimize(loss, np.zeros(signs.shape[1]), jac=True, method="L-BFGS-B").x


def figures(
    questions: Sequence[Ranked], weights: Callable[[Ranked], NDArray[np.float64]]
) -> list[str]:
    """How often a right passage is among the first, and the mean reciprocal rank."""
    ranks = []
    for question in questions:
        order = np.argsort(-(question.signs @ weights(question)), kind="stable")
        places = np.flatnonzero(question.right[order])
        ranks.append(places[0] + 1 if len(places) else np.inf)
    found = np.array(ranks)
    shares = [float(np.mean(found <= k)) for k in (1, 5, 10)]
    return [f"{value:.3f}" for value in (*shares, float(np.mean(1 / found)))]


def own_questions() -> list[Ranked]:
    """Our own questions over the starter corpus; only the open half is learnt from."""
    cases = [case for case in read_cases([QUESTION_SET]) if case.answerable]
    with squad.empty_store() as store:
        ingest_files(scan([STARTER_CORPUS]), store)
        return [
            rank(
                store, "own", number, stand_alone(case.question.text, case.question.history),
                lambda text, gold=case.passages: any(squad.squeeze(g) in text for g in gold),
                learnt_from=case.half == "open",
            )
            for number, case in enumerate(track(cases, "own"))
        ]  # fmt: skip


def squad_questions() -> list[Ranked]:
    """SQuAD's answerable questions over its paragraphs; those of one are in one fold."""
    paragraphs = squad.read("squad2_half.json.gz")
    found = []
    texts = [paragraph["context"] for paragraph in paragraphs]
    with squad.paragraph_store(texts) as store:
        for number, paragraph in enumerate(track(paragraphs, "squad")):
            context = squad.squeeze(paragraph["context"])
            found += [
                rank(store, "squad", number, qa["question"], lambda t, c=context: t in c)
                for qa in paragraph["qas"]
                if qa["answerable"]
            ]
    return found


def multihop_questions() -> list[Ranked]:
    """MultiHop-RAG's answerable questions, as they are and masked."""
    articles = multihop.read("corpus.json.gz")
    asked = [q for q in multihop.read("queries_dev.json.gz") if q["question_type"] != "null_query"]
    publishers = sorted({article["source"] for article in articles}, key=len, reverse=True)
    found = []
    with squad.empty_store() as store, tempfile.TemporaryDirectory() as folder:
        ingest_files(scan([multihop.write_articles(articles, Path(folder) / "articles")]), store)
        for number, question in enumerate(track(asked, "multihop")):
            facts = [squad.squeeze(evidence["fact"]) for evidence in question["evidence"]]
            texts = {
                "multihop": question["query"],
                "multihop, masked": multihop.mask(question["query"], publishers),
            }
            found += [
                rank(store, group, number, text, lambda t, f=facts: any(fact in t for fact in f))
                for group, text in texts.items()
            ]
    return found


def rank(
    store: Store,
    group: str,
    number: int,
    question: str,
    is_right: Callable[[str], bool],
    *,
    learnt_from: bool = True,
) -> Ranked:
    """Search, and tell the right passages by their text without white space."""
    hits = store.search(question, limit=DEPTH).hits
    signs = np.array([hit.signs for hit in hits]).reshape(len(hits), len(Signs._fields))
    right = np.array([is_right(squad.squeeze(hit.passage.text)) for hit in hits], dtype=bool)
    return Ranked(group, number % FOLDS, learnt_from, signs, right)


if __name__ == "__main__":
    sys.exit(main())
