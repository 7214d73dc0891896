"""Fit the abstention: ``python -m tests.quality.fit_abstention`` prints its coefficients.

Learnt from the open half of our questions (answerable or not), from SQuAD 2.0 over its own
paragraphs (``../shared/squad``: answerable, or a near miss), and from SQuAD's questions asked
of our corpus, which are all off the subject. The kept half of our questions only measures.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.answering.candidates import sentence_candidates, wanted_by
from bot.answering.evidence import Signs, read_signs
from bot.answering.followup import stand_alone
from bot.evaluation.cases import read_cases
from bot.settings import QUESTION_SET, STARTER_CORPUS, Settings
from ingest.parsed import Block, ParsedDocument
from ingest.pipeline import ingest_files, scan
from ingest.versions import embed_versions, make_version
from store.embedding import BUNDLED_MODEL, Embedder, load_embedder
from store.model import BASE_SCOPE, Metadata
from store.store import Store, open_store

SQUAD = Path(__file__).resolve().parents[3] / "shared" / "squad" / "squad2_half.json.gz"
NEAR_MISSES = Path(__file__).with_name("near_misses.jsonl")
OFF_TOPIC = 300
# Our own questions are what users ask, so one of them weighs as much as many of the others.
WEIGHT_OWN, WEIGHT_OFF_TOPIC, WEIGHT_SQUAD = 5.0, 0.5, 0.05
REGULARISATION = 0.3


def main() -> int:
    """Print coefficients and what they achieve."""
    if not SQUAD.exists():
        print(f"SQuAD's half is not at {SQUAD}; nothing was fitted.")
        return 1
    embedder = load_embedder(BUNDLED_MODEL, Settings().tumen_cache)
    paragraphs = json.loads(gzip.decompress(SQUAD.read_bytes()))
    asked = [(qa["question"], qa["answerable"]) for p in paragraphs for qa in p["qas"]]
    cases = read_cases([QUESTION_SET, NEAR_MISSES])
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "own", lambda: embedder, "the fit") as store:
            ingest_files(scan([STARTER_CORPUS]), store)
            texts = [stand_alone(c.question.text, c.question.history) for c in cases]
            own = signs_of(store, texts)
            foreign = random.Random(0).sample([question for question, _ in asked], OFF_TOPIC)
            off_topic = signs_of(store, foreign)
        with open_store(Path(folder) / "squad", lambda: embedder, "the fit") as store:
            add_paragraphs(store, embedder, [paragraph["context"] for paragraph in paragraphs])
            squad = signs_of(store, [question for question, _ in asked])
    answerable = np.array([case.answerable for case in cases])
    opened = np.array([case.half == "open" for case in cases])
    squad_answerable = np.array([label for _, label in asked])
    model = LogisticRegression(C=REGULARISATION, max_iter=5000).fit(
        np.vstack([own[opened], off_topic, squad]),
        np.concatenate([answerable[opened], np.zeros(OFF_TOPIC, bool), squad_answerable]),
        np.concatenate(
            [
                np.full(int(opened.sum()), WEIGHT_OWN),
                np.full(OFF_TOPIC, WEIGHT_OFF_TOPIC),
                np.full(len(asked), WEIGHT_SQUAD),
            ]
        ),
    )
    print(f"INTERCEPT = {model.intercept_[0]:.2f}")
    for field, weight in zip(fields(Signs), model.coef_[0], strict=True):
        print(f"    {field.name}={weight:.2f},")
    sure = {"own": model.predict_proba(own)[:, 1], "off": model.predict_proba(off_topic)[:, 1]}
    for name, half in (("open", opened), ("kept", ~opened)):
        area = roc_auc_score(answerable[half], sure["own"][half])
        print(f"{name} half: AUROC {area:.3f}")
    print("threshold  false abstention  right abstention  off topic refused   (open half)")
    for threshold in np.arange(0.30, 0.66, 0.05):
        silent = sure["own"] < threshold
        print(
            f"{threshold:9.2f} {silent[opened & answerable].mean():17.3f}"
            f" {silent[opened & ~answerable].mean():17.3f} {(sure['off'] < threshold).mean():18.3f}"
        )
    return 0


def signs_of(store: Store, questions: Iterable[str]) -> np.ndarray:
    """The signs for each question, shape (questions, signs); zeros where nothing is found."""
    rows = []
    for question in questions:
        result = store.search(question, limit=20)
        candidates = sentence_candidates(result.question, result.hits, wanted_by(question))
        signs = read_signs(result.question, result.hits, candidates)
        rows.append(astuple(signs) if signs else (0.0,) * len(fields(Signs)))
    return np.array(rows)


def add_paragraphs(store: Store, embedder: Embedder, texts: Sequence[str]) -> None:
    """Add each text as a document of one paragraph."""
    versions = [
        make_version(
            ParsedDocument(text, (Block(0, len(text), "paragraph"),), Metadata("A paragraph")),
            embedder,
            scope=BASE_SCOPE,
            origin=f"paragraph {number}",
            bytes_sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        for number, text in enumerate(texts)
    ]
    store.add(versions, embed_versions(versions, embedder, set()))


if __name__ == "__main__":
    sys.exit(main())
