"""Get the embedding model ready: `python -m bot.prepare`, the last step of the installation."""

from __future__ import annotations

import sys

from bot.settings import Settings
from store.embedding import load_embedder
from store.errors import ModelError


def main() -> int:
    """Check and export the model if that was not done before; 0 if it can be used."""
    settings = Settings()
    try:
        load_embedder(settings.embedding_model, settings.tumen_cache)
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
