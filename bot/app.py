"""Where the parts are put together from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bot.answering.engine import AnswerEngine
from bot.answering.generative.chat import ModelSpec
from bot.answering.generative.models import Ledger, Models
from bot.errors import UsageError
from bot.settings import Settings
from ingest.reading import Reader
from store.embedding import load_embedder
from store.indexes import Progress
from store.model_use import open_model_use
from store.publishers import load_publishers
from store.store import Store, open_store


@contextmanager
def opened_store(
    settings: Settings, purpose: str, progress: Progress | None = None
) -> Iterator[Store]:
    """The store of the settings, open in this process alone while the context lasts.

    ``purpose`` is the command that others are told about when they want the store, too.
    """
    with open_store(
        settings.tumen_home,
        lambda: load_embedder(settings.embedding_model, settings.tumen_cache),
        purpose,
        progress,
        load_publishers(settings.publishers_file),
    ) as store:
        yield store


@contextmanager
def opened_engine(
    settings: Settings, purpose: str, progress: Progress | None = None
) -> Iterator[tuple[AnswerEngine, Store]]:
    """The answering engine over the settings' store, and that store."""
    with (
        opened_store(settings, purpose, progress) as store,
        open_model_use(settings.tumen_home) as use,
    ):
        yield AnswerEngine(store, models_of(settings, use), settings.abstain_below), store


def models_of(settings: Settings, ledger: Ledger) -> Models:
    """The chat models that the settings name, none of them loaded yet.

    Address and key are those of the first one's provider, and go to no other.
    """
    key = settings.llm_api_key.get_secret_value().strip() if settings.llm_api_key else None
    specs: list[ModelSpec] = []
    for place, name in enumerate(settings.llm_names):
        same = place == 0 or name.partition(":")[0] == specs[0].provider
        specs.append(
            ModelSpec(
                name=name,
                base_url=settings.llm_base_url if same else None,
                api_key=(key or None) if same else None,
                timeout=settings.llm_timeout,
                most_tokens=settings.llm_max_tokens,
                price_in=settings.llm_price_in,
                price_out=settings.llm_price_out,
            )
        )
    return Models(specs, ledger, settings.llm_daily_tokens)


def reader_over_ray(settings: Settings, store: Store) -> Reader:
    """The reader for ``tumen ingest --ray``; raises :class:`UsageError` where Ray is missing."""
    try:
        from ingest.over_ray import read_over_ray
    except ImportError as error:
        raise UsageError(
            "--ray needs Ray, which is not installed. Install it with "
            '`.venv/bin/python -m pip install "ray[data]"`, or leave --ray out: all cores of this '
            "machine work without it."
        ) from error
    # One thread for each of Ray's workers, of which there is one a core.
    load = partial(load_embedder, settings.embedding_model, settings.tumen_cache, threads=1)
    return read_over_ray(load, store.publishers, store.embedder.fingerprint, settings.ray_address)
