"""A chat model by its name: streaming within bounds of time and tokens, retrying what may pass.

LangChain is imported when the first question comes, since it takes seconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from bot.answering.generative.faults import Fault, ModelFaultError, fault_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessageChunk


TRIES = 3
LONGEST_WAIT = 8.0
"""Seconds that a provider may ask us to wait (Retry-After); nobody in a chat waits longer."""
FIRST_WAIT = 0.5
CHARACTERS_A_TOKEN = 4
"""Of English text; what is counted with where a server reports no usage."""
MOST_CHARACTERS_A_TOKEN = 8
"""Bounds what is read from a server that does not heed the limit of tokens."""
OLLAMA_CONTEXT = 16_384
"""Ollama cuts the prompt silently at its own default."""
_PASSING = frozenset((Fault.BUSY, Fault.BROKEN, Fault.UNREACHABLE))
_REFUSALS = frozenset(("content_filter", "refusal", "safety"))
_FULL = frozenset(("length", "max_tokens"))
NO_KEY = "none"
"""Sent to a server of the operator's own that asks for no key, so that no other key goes there."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which model, where, and what it may take. ``price_*`` are dollars per million tokens."""

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    most_tokens: int = 700
    price_in: float | None = None
    price_out: float | None = None

    @property
    def provider(self) -> str:
        """The part of the name before the colon."""
        return self.name.partition(":")[0]


@dataclass(slots=True)
class Meter:
    """Tokens that one answer has taken, over all of its calls."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cut: bool = False
    """Whether the last call ended at the limit of tokens, in the middle of a sentence maybe."""

    def cost(self, spec: ModelSpec) -> float | None:
        """In dollars, if the prices are known."""
        if spec.price_in is None or spec.price_out is None:
            return None
        return (self.tokens_in * spec.price_in + self.tokens_out * spec.price_out) / 1e6


class ChatModel:
    """One model, ready when it is first asked. Threads may share it."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec
        self._client: BaseChatModel | None = None
        self._lock = threading.Lock()

    def say(self, system: str, user: str, meter: Meter) -> str:
        """The whole answer; raises :class:`ModelFaultError`."""
        return "".join(self.stream(system, user, meter))

    def stream(self, system: str, user: str, meter: Meter) -> Iterator[str]:
        """The answer piece by piece; raises :class:`ModelFaultError`, also in the middle.

        Only what failed before its first piece is tried again. An answer that reaches the limit
        of tokens ends there: the last sentence of it may be none.
        """
        meter.calls += 1
        for attempt in Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(TRIES),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                chunks = self._chunks(system, user)
                first = next(chunks, None)
        if first is not None:
            yield from self._read(first, chunks, meter, len(system) + len(user))

    def _read(
        self,
        first: BaseMessageChunk,
        chunks: Iterator[BaseMessageChunk],
        meter: Meter,
        asked: int,
    ) -> Iterator[str]:
        written, reason, usage = 0, "", {"input_tokens": 0, "output_tokens": 0}
        try:
            for chunk in _chain(first, chunks):
                reason = reason or _reason(chunk)
                for name in usage:
                    usage[name] += (getattr(chunk, "usage_metadata", None) or {}).get(name, 0)
                text = str(chunk.text)
                if text:
                    written += len(text)
                    yield text
                if written > self.spec.most_tokens * MOST_CHARACTERS_A_TOKEN:
                    reason = "length"
                    break
        except ModelFaultError as fault:
            if written and fault.fault in _PASSING:
                raise ModelFaultError(Fault.CUT, fault.detail) from fault
            raise
        finally:
            meter.tokens_in += usage["input_tokens"] or asked // CHARACTERS_A_TOKEN
            meter.tokens_out += usage["output_tokens"] or written // CHARACTERS_A_TOKEN
        meter.cut = reason in _FULL
        if reason in _REFUSALS:
            raise ModelFaultError(Fault.REFUSED)
        if not written:
            raise ModelFaultError(Fault.EMPTY)
        if not reason and self.spec.provider in _ARGUMENTS:
            raise ModelFaultError(Fault.CUT, "The stream ended without saying that it was done.")

    def _chunks(self, system: str, user: str) -> Iterator[BaseMessageChunk]:
        """The raw stream, with the provider's exceptions as faults."""
        late = False
        try:
            client = self._ready()
            started = time.monotonic()  # importing the client is not the model's time
            stream = client.stream([("system", system), ("user", user)])
            for chunk in stream:
                yield chunk
                if late := time.monotonic() - started > self.spec.timeout:
                    break
        except ModelFaultError:
            raise
        except Exception as error:  # each provider's package has its own; all are faults
            fault = fault_of(error)
            raise fault from error
        if late:
            raise ModelFaultError(Fault.TIMEOUT)

    def _ready(self) -> BaseChatModel:
        with self._lock:
            if self._client is None:
                from langchain.chat_models import init_chat_model

                client = init_chat_model(self.spec.name, **_arguments(self.spec))
                key = getattr(client, f"{self.spec.provider}_api_key", NO_KEY)
                if not (key.get_secret_value() if hasattr(key, "get_secret_value") else key):
                    raise ModelFaultError(Fault.NO_KEY)
                self._client = client
            return self._client


_ARGUMENTS: dict[str, dict[str, str]] = {
    "openai": {"timeout": "timeout", "tokens": "max_tokens"},
    "anthropic": {"timeout": "timeout", "tokens": "max_tokens"},
    "ollama": {"tokens": "num_predict"},
}
"""How the providers that we test call their limits."""


def _arguments(spec: ModelSpec) -> dict[str, Any]:
    names = _ARGUMENTS.get(spec.provider, {"timeout": "timeout", "tokens": "max_tokens"})
    given: dict[str, Any] = {names["tokens"]: spec.most_tokens}
    if spec.base_url:
        given["base_url"] = spec.base_url
    if spec.provider == "ollama":
        return given | {"num_ctx": OLLAMA_CONTEXT, "client_kwargs": {"timeout": spec.timeout}}
    given |= {"timeout": spec.timeout, "max_retries": 0}
    if spec.provider == "openai":
        given["stream_usage"] = True
    key = spec.api_key or (NO_KEY if spec.base_url else None)
    return given | ({"api_key": key} if key else {})


def _reason(chunk: BaseMessageChunk) -> str:
    """Why the model stopped, by whatever name its provider has for it."""
    said = chunk.response_metadata
    for name in ("finish_reason", "stop_reason", "done_reason"):
        if said.get(name):
            return str(said[name]).casefold()
    return ""


def _chain(first: BaseMessageChunk, rest: Iterator[BaseMessageChunk]) -> Iterator[BaseMessageChunk]:
    yield first
    yield from rest


def _may_pass(error: BaseException) -> bool:
    return (
        isinstance(error, ModelFaultError)
        and error.fault in _PASSING
        and (_retry_after(error) or 0) <= LONGEST_WAIT
    )


def _wait(state: RetryCallState) -> float:
    """What the provider asks for, else half a second, then one."""
    error = state.outcome.exception() if state.outcome else None
    return _retry_after(error) or FIRST_WAIT * 2.0 ** (state.attempt_number - 1)


def _retry_after(error: BaseException | None) -> float | None:
    response = getattr(getattr(error, "__cause__", None), "response", None)
    value = getattr(response, "headers", {}).get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        return None
