"""What goes wrong on the way: scripted faults, and Discord's rate limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

from tests.discord_double.answers import VIA, answer
from tests.discord_double.clock import Clock


@dataclass
class Fault:
    """Requests that fit are answered with a failure, ``times`` times.

    ``handled_first`` does what was asked before it fails; ``cut`` closes the connection instead of
    answering; status 0 with a ``delay`` is only slow.
    """

    method: str
    path: re.Pattern[str]
    status: int
    times: int = 1
    retry_after: float = 0.5
    is_global: bool = False
    via: bool = True
    code: int = 0
    message: str = "The double was told to fail."
    handled_first: bool = False
    delay: float = 0.0
    cut: bool = False
    hits: list[float] = field(default_factory=list)

    def fits(self, method: str, path: str) -> bool:
        """Whether this fault is for that request."""
        return (
            len(self.hits) < self.times
            and self.method in ("*", method)
            and self.path.search(path) is not None
        )

    def response(self) -> web.Response:
        """The failure on the wire. A 429 carries what discord.py needs to wait."""
        if self.status == 429:
            return limited(self.retry_after, is_global=self.is_global, via=self.via)
        if self.status >= 500:
            # As Discord's front does it: a page, not JSON.
            return web.Response(status=self.status, text="upstream connect error", headers=VIA)
        return answer({"message": self.message, "code": self.code}, self.status)


def limited(retry_after: float, *, is_global: bool = False, via: bool = True) -> web.Response:
    """A 429 with its header, its body and, if asked, `Via`."""
    response = answer(
        {"message": "You are being rate limited.", "retry_after": retry_after, "global": is_global},
        429,
        {
            "Retry-After": str(max(1, round(retry_after))),
            "X-RateLimit-Scope": "global" if is_global else "user",
        },
    )
    if is_global:
        response.headers["X-RateLimit-Global"] = "true"
    if not via:
        del response.headers["Via"]
    return response


class Faults:
    """The faults that a test has scripted."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, method: str, path: str, status: int, **more: object) -> Fault:
        """Fail the next requests whose path fits the pattern; see `Fault` for the options."""
        fault = Fault(method, re.compile(path), status, **more)  # type: ignore[arg-type]
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all of them."""
        self._faults.clear()

    def take(self, method: str, path: str, now: float) -> Fault | None:
        """The fault that this request meets, used up once."""
        for fault in self._faults:
            if fault.fits(method, path):
                fault.hits.append(now)
                return fault
        return None


LIMITS = (
    # What Discord does at this writing, a channel or a token: the route, how many, in seconds.
    ("POST", re.compile(r"^/channels/(\d+)/messages$"), 5, 5.0),
    ("PATCH", re.compile(r"^/channels/(\d+)/messages/\d+$"), 5, 5.0),
    ("DELETE", re.compile(r"^/channels/(\d+)/messages/\d+$"), 5, 1.0),
    ("POST", re.compile(r"^/channels/(\d+)/typing$"), 5, 5.0),
    ("*", re.compile(r"^/webhooks/\d+/([^/]+)"), 5, 2.0),
)


class RateLimits:
    """Discord's buckets, off until a test turns them on."""

    def __init__(self, clock: Clock) -> None:
        self.on = False
        self.refused = 0
        self._clock = clock
        self._windows: dict[tuple[int, str], tuple[float, int]] = {}

    def check(self, method: str, path: str) -> tuple[dict[str, str], web.Response | None]:
        """The headers for this request and, when its bucket is empty, the 429."""
        for index, major, limit, seconds in self._fitting(method, path):
            now = self._clock.now()
            start, used = self._windows.get((index, major), (now, 0))
            if now - start >= seconds:
                start, used = now, 0
            left = start + seconds - now
            if used >= limit:
                self.refused += 1
                return {}, limited(round(left, 3))
            self._windows[(index, major)] = (start, used + 1)
            return {
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": str(limit - used - 1),
                "X-RateLimit-Reset": f"{start + seconds:.3f}",
                "X-RateLimit-Reset-After": f"{left:.3f}",
                "X-RateLimit-Bucket": f"bucket{index}",
            }, None
        return {}, None

    def _fitting(self, method: str, path: str) -> Iterator[tuple[int, str, int, float]]:
        if not self.on:
            return
        for index, (verb, pattern, limit, seconds) in enumerate(LIMITS):
            found = pattern.match(path)
            if verb in ("*", method) and found:
                yield index, found[1], limit, seconds
