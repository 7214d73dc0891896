"""Where documents are read and embedded: in threads, in a bounded line, each server in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.discord.errors import Declined
from bot.discord.language import say, say_counted

T = TypeVar("T")

AT_ONCE = 2
"""Documents worked on at the same time, never two of one server."""
MOST_OF_ONE = 10
MOST_WAITING = 100


class Workshop:
    """Work is done first come first served within a server, and turn by turn among them.

    Where there is more of it than the line may hold, it is declined, and nothing is lost.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "adding")
        self._lines: dict[str, deque[asyncio.Event]] = {}
        self._working: set[str] = set()

    async def run(self, scope: str, work: Callable[[], T]) -> T:
        """Do some work for a scope when it has its turn; raises :class:`Declined` if too many."""
        self._check(scope)
        turn = asyncio.Event()
        self._lines.setdefault(scope, deque()).append(turn)
        self._call()
        try:
            await turn.wait()
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._leave(scope, turn)

    def ahead(self, scope: str) -> int:
        """How many of the scope's documents come before one that is brought now."""
        return len(self._lines.get(scope, ())) + (scope in self._working)

    def close(self) -> None:
        """Take no more work. What is being done is done to its end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, scope: str) -> None:
        if self.ahead(scope) >= MOST_OF_ONE:
            raise Declined(
                say_counted(
                    "{n} document of this server is still being read. Please try again when it is "
                    "done; nothing was lost.",
                    "{n} documents of this server are still being read. Please try again when they "
                    "are done; nothing was lost.",
                    self.ahead(scope),
                )
            )
        if sum(map(len, self._lines.values())) >= MOST_WAITING:
            raise Declined(
                say("Many servers add documents just now. Please try again in a minute.")
            )

    def _call(self) -> None:
        """Give a turn to the scopes that have waited longest."""
        for scope in list(self._lines):
            if len(self._working) >= AT_ONCE:
                return
            if scope in self._working:
                continue
            line = self._lines.pop(scope)
            line.popleft().set()
            self._working.add(scope)
            if line:
                self._lines[scope] = line  # to the end: the others come first

    def _leave(self, scope: str, turn: asyncio.Event) -> None:
        if turn.is_set():
            self._working.discard(scope)
        else:
            line = self._lines.get(scope)
            if line and turn in line:
                line.remove(turn)
                if not line:
                    del self._lines[scope]
        self._call()
