"""Which chat model answers where, and whether it may still: the choice and the daily budget."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.generative.chat import ChatModel, Meter, ModelSpec
from bot.answering.generative.faults import Fault, ModelFaultError

NO_MODEL = "none"
"""Chosen by a server whose answers are to be quotes alone."""


class Ledger(Protocol):
    """Where use and choices are kept; see :class:`store.model_use.ModelUse`."""

    def spent_today(self, scope: str) -> Tokens:
        """What a scope has used today."""

    def spend(self, scope: str, tokens_in: int, tokens_out: int) -> None:
        """Add one answer's tokens."""

    def chosen(self, scope: str) -> str | None:
        """The model that a scope chose, if it did."""

    def choose(self, scope: str, model: str, user_id: str) -> None:
        """Set a scope's model."""


class Tokens(Protocol):
    """What was used."""

    @property
    def tokens(self) -> int:
        """All tokens, read and written."""


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """What came of one call to a model, in words."""

    told: str
    works: bool


class Models:
    """The configured models, the first of them the usual one. Without any, nothing is loaded."""

    def __init__(self, specs: Sequence[ModelSpec], ledger: Ledger, most_tokens_a_day: int) -> None:
        self._models = {spec.name: ChatModel(spec) for spec in specs}
        self._ledger = ledger
        self.most_tokens_a_day = most_tokens_a_day

    @property
    def names(self) -> tuple[str, ...]:
        """The configured models, the usual one first."""
        return tuple(self._models)

    def named(self, name: str) -> ChatModel:
        """A configured model; raises ``KeyError``."""
        return self._models[name]

    def name_for(self, scope: str) -> str:
        """What answers in a scope: a model's name, or :data:`NO_MODEL`."""
        if not self._models:
            return NO_MODEL
        chosen = self._ledger.chosen(scope)
        return chosen if chosen in (*self._models, NO_MODEL) else self.names[0]

    def model_for(self, scope: str) -> ChatModel | None:
        """The model that answers in a scope, if one does."""
        return self._models.get(self.name_for(scope))

    def choose(self, scope: str, name: str, user_id: str) -> None:
        """Let a model, or none, answer in a scope; raises ``KeyError`` for an unknown one."""
        if name not in (*self._models, NO_MODEL):
            raise KeyError(name)
        self._ledger.choose(scope, name, user_id)

    def spent_today(self, scope: str) -> int:
        """Tokens that a scope has used today."""
        return self._ledger.spent_today(scope).tokens

    def check_budget(self, scope: str) -> None:
        """Raise :class:`ModelFaultError` if a scope has used up its day."""
        if self.spent_today(scope) >= self.most_tokens_a_day:
            raise ModelFaultError(Fault.BUDGET)

    def try_out(self) -> Iterator[ModelCheck]:
        """Ask each model for one word, one after the other."""
        for name, model in self._models.items():
            meter, started = Meter(), time.perf_counter()
            try:
                model.say("You are being tested.", "Reply with the word: ready", meter)
            except ModelFaultError as fault:
                detail = f" ({fault.detail})" if fault.detail else ""
                yield ModelCheck(f"{name}: it {fault.fault.value}{detail}", works=False)
                continue
            seconds = time.perf_counter() - started
            tokens = f"{meter.tokens_in} tokens read, {meter.tokens_out} written"
            yield ModelCheck(f"{name}: answered in {seconds:.1f} s, {tokens}", works=True)

    def note(self, scope: str, meter: Meter) -> None:
        """Add what an answer took to its scope's day."""
        if meter.calls:
            self._ledger.spend(scope, meter.tokens_in, meter.tokens_out)
