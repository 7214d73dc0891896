"""How often something may happen."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

FORGET_FROM = 10_000
"""Keys from which on those that are long silent are dropped."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` times within any ``seconds``."""

    count: int
    seconds: float


class RateLimit:
    """Counts what happened by key, within a sliding window."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._times: dict[int, deque[float]] = {}

    def wait(self, key: int) -> float:
        """Seconds until it may happen again for that key; 0 if it may now."""
        times = self._times.get(key)
        if times is None:
            return 0.0
        start = self._clock() - self._rate.seconds
        while times and times[0] <= start:
            times.popleft()
        return times[0] - start if len(times) >= self._rate.count else 0.0

    def note(self, key: int) -> None:
        """It happened."""
        if len(self._times) >= FORGET_FROM:
            self._times = {k: v for k, v in self._times.items() if self.wait(k) or v}
        self._times.setdefault(key, deque()).append(self._clock())

    def take(self, key: int) -> bool:
        """Note it if it may happen now; says whether it may."""
        if self.wait(key):
            return False
        self.note(key)
        return True
