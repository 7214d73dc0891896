"""What can go wrong with a chat model, each as one calm clause for whoever reads the answer."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Why there is no answer by the model; the value completes "The chat model …"."""

    NOT_INSTALLED = "is not installed here"
    NO_KEY = "has no key"
    WRONG_KEY = "was refused: its key is not valid"
    UNKNOWN = "is not known to its provider"
    UNREACHABLE = "can't be reached"
    TIMEOUT = "took too long"
    BUSY = "is overloaded"
    BROKEN = "failed"
    CUT = "broke off in the middle"
    EMPTY = "gave no answer"
    REFUSED = "declined to answer"
    TOO_LONG = "can't read that much text at once"
    REJECTED = "did not accept the request"
    BUDGET = "has used up what it may spend on this server today"


class ModelFaultError(Exception):
    """The model gave no answer. ``detail`` is the provider's own words, for the operator only."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        self.fault = fault
        self.detail = " ".join(detail.split())[:300]
        super().__init__(f"The chat model {fault.value}.")


def notice(fault: Fault) -> str:
    """The line under an answer that the extractive composer gave instead."""
    return f"The chat model {fault.value}, so this answer quotes the sources directly."


def fault_of(error: Exception) -> ModelFaultError:
    """The fault behind an exception of a provider's package; other exceptions are its failure.

    LangChain gives the same condition the same class for OpenAI and Anthropic; Ollama's and other
    packages are told by HTTP status, and by the names of their classes.
    """
    from langchain_core import exceptions as known

    by_class: tuple[tuple[type[Exception], Fault], ...] = (
        (known.ContextOverflowError, Fault.TOO_LONG),
        (known.ModelTimeoutError, Fault.TIMEOUT),
        (known.ModelConnectionError, Fault.UNREACHABLE),
        (known.ModelRefusalError, Fault.REFUSED),
        (ImportError, Fault.NOT_INSTALLED),
        (TimeoutError, Fault.TIMEOUT),
        (ConnectionError, Fault.UNREACHABLE),
    )
    detail = str(error)
    for kind, fault in by_class:
        if isinstance(error, kind):
            return ModelFaultError(fault, detail)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return ModelFaultError(_of_status(status, detail.casefold()), detail)
    return ModelFaultError(_of_name(type(error), detail.casefold()), detail)


def _of_status(status: int, detail: str) -> Fault:
    if any(words in detail for words in _TOO_LONG):
        return Fault.TOO_LONG
    return _STATUSES.get(status, Fault.BROKEN if status >= 500 else Fault.REJECTED)


def _of_name(kind: type[Exception], detail: str) -> Fault:
    names = " ".join(base.__name__ for base in kind.__mro__).casefold()
    if "timeout" in names:
        return Fault.TIMEOUT
    if "connecterror" in names:
        return Fault.UNREACHABLE
    if "protocolerror" in names or "readerror" in names or "incomplete" in detail:
        return Fault.CUT
    if "api_key" in detail or "credentials" in detail or "authentication" in detail:
        return Fault.NO_KEY
    return Fault.BROKEN


_TOO_LONG = (
    "context length",
    "context_length",
    "context window",
    "prompt is too long",
    "too many tokens",
)
_STATUSES = {
    401: Fault.WRONG_KEY,
    403: Fault.WRONG_KEY,
    404: Fault.UNKNOWN,
    408: Fault.TIMEOUT,
    413: Fault.TOO_LONG,
    429: Fault.BUSY,
    503: Fault.BUSY,
    504: Fault.TIMEOUT,
    529: Fault.BUSY,
}
