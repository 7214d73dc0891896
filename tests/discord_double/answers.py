"""HTTP answers as Discord words them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.discord_double.rules import Fault

VIA = {"Via": "1.1 google"}


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of ours
    """Ends a request with one of Discord's JSON errors."""

    def __init__(
        self, status: int, code: int, message: str, faults: list[Fault] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.faults = faults or []
        self.breaks_rules = False

    def response(self) -> web.Response:
        """The answer on the wire."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        errors: dict[str, Any] = {}
        for fault in self.faults:
            node = errors
            for part in filter(None, fault.place.split(".")):
                node = node.setdefault(part, {})
            node.setdefault("_errors", []).append({"code": "INVALID", "message": fault.text})
        if errors:
            body["errors"] = errors
        return answer(body, self.status)


def answer(
    body: Any = None, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """JSON with exactly `application/json`; without a body, 204."""
    everything = {**VIA, **(headers or {})}
    if body is None:
        return web.Response(status=204, headers=everything)
    raw = json.dumps(body).encode()
    return web.Response(
        body=raw, status=status, headers=everything, content_type="application/json"
    )


def unknown(what: str, code: int) -> Refused:
    """404 for something that is not there."""
    return Refused(404, code, f"Unknown {what}")


def invalid(faults: list[Fault]) -> Refused:
    """400 for a body that Discord does not take."""
    code = next((fault.code for fault in faults if fault.code != 50035), 50035)
    message = "Invalid Form Body" if code == 50035 else faults[0].text
    refused = Refused(400, code, message, faults)
    refused.breaks_rules = True
    return refused
