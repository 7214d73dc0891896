"""Check the bundled model's weights and export them to ONNX, once: ``python -m store.onnx_export``.

sentence-transformers loads the model; what leaves is its transformer, whose last hidden
states are all that we need. The export is refused unless its vectors equal the original's.
"""

from __future__ import annotations

import hashlib
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from store.embedding import BUNDLED_SHA256
from store.errors import ModelError

OPSET = 17
SAME = 0.9999
"""The least cosine between a vector of the original model and one of the export."""
PROBES = [
    "Where do the three countries meet?",
    "The river Tumen is the border between them for the last kilometres before the sea.",
]


def check_weights(model_dir: Path) -> None:
    """Raise :class:`ModelError` unless the weights are the official release's, bit by bit."""
    weights = model_dir / "model.safetensors"
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != BUNDLED_SHA256:
        raise ModelError(
            f"The embedding model's weights {weights} have the SHA-256 {digest}, not the official "
            f"{BUNDLED_SHA256}. Nothing was loaded; reinstall with `make install`."
        )


def export(model_dir: Path, target: Path) -> None:
    """Write the model as ONNX to ``target`` (whole or not at all)."""
    import numpy as np
    import onnxruntime
    import torch
    from sentence_transformers import SentenceTransformer

    check_weights(model_dir)
    model = SentenceTransformer(
        str(model_dir),
        device="cpu",
        local_files_only=True,
        model_kwargs={"attn_implementation": "eager"},
    )
    transformer: Any = model[0].model

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output = self.transformer(
                input_ids=input_ids,
                attention_mask=attention_mask,
                token_type_ids=torch.zeros_like(input_ids),
            )
            states: torch.Tensor = output.last_hidden_state
            return states

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    encoded = model.tokenizer(PROBES, padding=True, return_tensors="pt")
    inputs = (encoded["input_ids"], encoded["attention_mask"])
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        States().eval(),
        inputs,
        str(partial),
        input_names=["input_ids", "attention_mask"],
        output_names=["states"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "states": axes},
        opset_version=OPSET,
        dynamo=False,
    )
    session = onnxruntime.InferenceSession(str(partial), providers=["CPUExecutionProvider"])
    feed = {"input_ids": inputs[0].numpy(), "attention_mask": inputs[1].numpy()}
    states = np.asarray(session.run(None, feed)[0])
    mask = feed["attention_mask"][..., None]
    vectors = (states * mask).sum(axis=1) / mask.sum(axis=1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = model.encode(PROBES, normalize_embeddings=True, show_progress_bar=False)
    worst = float((vectors * expected).sum(axis=1).min())
    if worst < SAME:
        partial.unlink()
        raise ModelError(f"The exported model differs from the original (cosine {worst:.5f}).")
    partial.replace(target)


def main() -> int:
    """Export the model in ``argv[1]`` to the file ``argv[2]``; 0 if all went well."""
    warnings.filterwarnings("ignore")
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except (ModelError, OSError, ImportError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
