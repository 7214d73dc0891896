"""One answer by a chat model, from its budget to what it took; no fault of the model gets out."""

from __future__ import annotations

import logging
from dataclasses import replace

import prompts
from bot.answering.composing import Composed, Found, Tell
from bot.answering.generative.chat import ChatModel, Meter
from bot.answering.generative.composer import GenerativeComposer
from bot.answering.generative.faults import ModelFaultError, notice
from bot.answering.generative.models import Models
from bot.answering.generative.rewriting import PROMPT, rewrite
from bot.answering.model import ModelRun, Question
from store.store import Store

log = logging.getLogger(__name__)


class ModelAnswering:
    """What the model does for one question. It is asked nothing more after a first fault."""

    def __init__(self, store: Store, models: Models, model: ChatModel, question: Question) -> None:
        self._store = store
        self._models = models
        self._model = model
        self._question = question
        self._meter = Meter()
        self._fault: ModelFaultError | None = None
        self._rewrote = False
        try:
            models.check_budget(question.scope)
        except ModelFaultError as fault:
            self._fault = fault

    def rewrite(self) -> str | None:
        """The follow-up made to stand alone, if the model can."""
        if self._fault:
            return None
        try:
            self._rewrote = True
            return rewrite(self._model, self._meter, self._question.text, self._question.history)
        except ModelFaultError as fault:
            self._fault = fault
            return None

    def compose(self, found: Found, tell: Tell) -> Composed:
        """The model's answer; with ``run.fault`` and no sentences where it gave none."""
        composer = GenerativeComposer(self._store, self._model, self._meter)
        try:
            if self._fault:
                raise self._fault
            return composer.compose(found, tell)
        except ModelFaultError as fault:
            if fault.detail:  # for the operator; the reader gets the notice
                log.warning("%s: %s (%s)", composer.name, fault, fault.detail)
            run = ModelRun(model=composer.name, fault=fault.fault.value)
            return Composed(composer.name, (), (), notice=notice(fault.fault), run=run)

    def settle(self, composed: Composed) -> Composed:
        """Note what the answer took, in the budget and on the answer."""
        meter = self._meter
        self._models.note(self._question.scope, meter)
        cost = meter.cost(self._model.spec)
        run = composed.run or ModelRun(model=self._model.spec.name)
        used = (f"{PROMPT}@{prompts.load(PROMPT).version}",) if self._rewrote else ()
        run = replace(
            run,
            prompts=(*used, *run.prompts),
            calls=meter.calls,
            tokens_in=meter.tokens_in,
            tokens_out=meter.tokens_out,
            cost=round(cost, 6) if cost is not None else None,
        )
        return replace(composed, run=run)
