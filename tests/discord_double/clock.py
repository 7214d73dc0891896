"""The double's time, which tests move, and the ids that are made from it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1420070400000


class Clock:
    """Wall time in seconds plus what a test has skipped; makes snowflakes in order."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self._last = 0

    def now(self) -> float:
        """Seconds since the Unix epoch, as the double sees it."""
        return time.time() + self.skipped

    def advance(self, seconds: float) -> None:
        """Skip time: tokens grow old at once, nothing waits."""
        self.skipped += seconds

    def snowflake(self, ago: float = 0.0) -> int:
        """A new unique id whose time is ``ago`` seconds before now."""
        made = (int((self.now() - ago) * 1000) - DISCORD_EPOCH_MS) << 22
        if not ago:
            made = max(made, self._last + 1)
            self._last = made
            return made
        self._last += 1
        return made | (self._last & 0x3FFFFF)


def stamp(seconds: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
