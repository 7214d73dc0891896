"""The desk where questions queue: who may ask, whose turn it is, and the threads that answer."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.discord.errors import Declined
from bot.discord.language import say, say_counted
from bot.discord.limits import Rate, RateLimit

log = logging.getLogger(__name__)
T = TypeVar("T")


USER_RATE = Rate(8, 60)
GUILD_RATE = Rate(120, 60)


@dataclass(frozen=True, slots=True)
class DeskRules:
    """How much the desk takes on."""

    per_user: Rate = USER_RATE
    per_guild: Rate = GUILD_RATE
    at_once: int = field(default_factory=lambda: max(2, (os.cpu_count() or 2) // 2))
    """Questions being answered at the same time, each in a thread."""
    most_waiting: int = 100


@dataclass(eq=False, slots=True)
class Place:
    """A question's place in the line."""

    user_id: int
    question_id: int | None
    task: asyncio.Task[object] | None
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    withdrawn: bool = False


class Desk:
    """A bounded line, first come first served, with one question a user at a time."""

    def __init__(self, rules: DeskRules | None = None) -> None:
        self.rules = rules or DeskRules()
        self._line: list[Place] = []
        self._users = RateLimit(self.rules.per_user)
        self._guilds = RateLimit(self.rules.per_guild)
        self._threads = ThreadPoolExecutor(self.rules.at_once, "answering")
        self._leaving = False
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def admit(
        self, user_id: int, guild_id: int | None, question_id: int | None = None
    ) -> Iterator[Place]:
        """A place in the line while the context lasts.

        ``question_id`` is the message whose deletion cancels. Raises :class:`Declined`.
        """
        self._check(user_id, guild_id)
        self._users.note(user_id)
        if guild_id is not None:
            self._guilds.note(guild_id)
        place = Place(user_id, question_id, asyncio.current_task())
        self._line.append(place)
        self._empty.clear()
        self._call()
        try:
            yield place
        finally:
            self._line.remove(place)
            self._call()
            if not self._line:
                self._empty.set()

    @property
    def busy(self) -> bool:
        """Whether anybody waits for an answer. May be asked from any thread."""
        return bool(self._line)

    def ahead(self, place: Place) -> int:
        """How many questions come before this one; 0 if it is being answered."""
        return 0 if place.turn.is_set() else self._line.index(place)

    async def run(self, work: Callable[[], T]) -> T:
        """Do the work of a question whose turn it is, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def withdraw(self, question_id: int) -> None:
        """Cancel the question that a deleted message asked, if it is still in the line."""
        for place in self._line:
            if place.question_id == question_id and place.task:
                place.withdrawn = True
                place.task.cancel()

    async def leave(self, seconds: float) -> None:
        """Take no more questions, and let those in the line finish, within bounds."""
        self._leaving = True
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            log.warning("Leaving with %s questions unanswered", len(self._line))
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _call(self) -> None:
        for place in self._line[: self.rules.at_once]:
            place.turn.set()

    def _check(self, user_id: int, guild_id: int | None) -> None:
        if self._leaving:
            raise Declined(say("I am about to restart. Please ask again in a minute."))
        if any(place.user_id == user_id for place in self._line):
            raise Declined(say("I am still answering your last question. One at a time, please."))
        wait = self._users.wait(user_id)
        if wait:
            raise Declined(
                say_counted(
                    "That was a lot of questions. Please wait a second.",
                    "That was a lot of questions. Please wait {n} seconds.",
                    _seconds(wait),
                )
            )
        if guild_id is not None and (wait := self._guilds.wait(guild_id)):
            raise Declined(
                say_counted(
                    "This server asks a lot just now. Please wait a second.",
                    "This server asks a lot just now. Please wait {n} seconds.",
                    _seconds(wait),
                )
            )
        waiting = len(self._line) - self.rules.at_once
        if waiting >= self.rules.most_waiting:
            raise Declined(
                say("Busy: {number} ahead of you. Please try in a minute.", number=len(self._line))
            )


def _seconds(wait: float) -> int:
    return max(1, round(wait + 0.5))
