"""Many people ask at once: `python -m tests.benchmarks.discord_load`.

The bot runs as its own process against the double of Discord in this one. Measured from outside,
as a member sees it: how long until something happens (the acknowledgement of a command; typing,
a reaction or a reply after a mention), how long until the answer is complete, and how long the
bot's event loop stood still (websocket pings that it has to answer, 50 a second).
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.discord_double.bot_process import fill_home, running_bot
from tests.discord_double.conftest import Scene, furnished
from tests.discord_double.reading import complete
from tests.discord_double.world import Channel, Interaction, Message

QUESTIONS = (
    "What does Article 4 of the treaty say?",
    "How many shells did North Korea send to Russia?",
    "How many North Korean troops are in Russia?",
    "When was the treaty signed?",
    "How many containers did North Korea ship?",
    "What does the treaty say about third countries?",
    "What is the capital of Brazil?",
)
PING_EVERY = 0.02


@dataclass
class Asked:
    """One question and what became of it; times are the double's, in seconds.

    ``turn`` is how many mentions came before it in its channel: the bot types there once for each,
    and the n-th question is taken to be seen with the n-th typing.
    """

    at: float
    turn: int = 0
    first: float | None = None
    done: float | None = None
    told: str = ""


@dataclass
class Stalls:
    """How long loops stood still, in seconds."""

    bot: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def watch(scene: Scene, stalls: Stalls) -> None:
    """Ping the bot's loop, and note how late this loop itself was."""

    async def own() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(0.005)
            stalls.own.append(time.perf_counter() - start - 0.005)

    watching = asyncio.create_task(own())
    try:
        while True:
            stalls.bot.append(await scene.double.gateway.round_trip())
            await asyncio.sleep(PING_EVERY)
    finally:
        watching.cancel()


def see_command(interaction: Interaction, asked: Asked) -> bool:
    """Note what a command has led to; whether that is all."""
    if asked.first is None and interaction.acknowledged_after is not None:
        asked.first = interaction.at + interaction.acknowledged_after
    return see(interaction.messages, asked)


def see_mention(channel: Channel, message: Message, asked: Asked) -> bool:
    """Note what a mention has led to; whether that is all."""
    replies = [m for m in channel.messages.values() if m.replies_to is message]
    if asked.first is None:
        seen = channel.typing[asked.turn : asked.turn + 1]
        seen += [reply.at for reply in replies]
        asked.first = min(seen, default=None)
    return see(replies, asked)


def see(messages: Sequence[Message], asked: Asked) -> bool:
    """Note the messages that answer a question; whether one is complete."""
    for message in messages:
        asked.told = message.text[:90].replace("\n", " ")
        if complete(message):
            asked.done = message.revisions[-1][0]
            return True
    return False


async def ask_all(
    scene: Scene, people: int, channels: Sequence[Channel], *, mentions: bool, patience: float
) -> list[Asked]:
    """Everyone asks in the same instant; waits until all are answered, or patience ends."""
    double = scene.double
    pending: list[Callable[[], bool]] = []
    everything: list[Asked] = []
    for number in range(people):
        user, channel = double.user(f"Person {number}"), channels[number % len(channels)]
        question = QUESTIONS[number % len(QUESTIONS)]
        if mentions:
            text = f"{double.world.bot.mention} {question}"
            said = await double.say(channel, user, text)
            asked = Asked(said.at, number // len(channels))
            pending.append(partial(see_mention, channel, said, asked))
        else:
            used = await double.slash(user, channel, "ask", question=question)
            asked = Asked(used.at)
            pending.append(partial(see_command, used, asked))
        everything.append(asked)

    def all_done() -> bool:
        return all([look() for look in pending])  # noqa: C419 - look at every one

    try:
        await double.until(all_done, patience, "all answers")
    except TimeoutError:
        Console(stderr=True).print("Not all answers came in time.")
    return everything


def row(values: Sequence[float]) -> tuple[str, ...]:
    """p50, p95 and the worst, in milliseconds."""
    if not values:
        return ("-",) * 3
    shown = percentile(values, 0.5), percentile(values, 0.95), max(values)
    return tuple(f"{1000 * value:,.0f}" for value in shown)


def report(title: str, everything: Sequence[Asked], stalls: Stalls, notes: str) -> None:
    """Print the table of one run."""
    table = Table(title=title, caption=notes)
    for name in ("ms", "p50", "p95", "worst"):
        table.add_column(name, justify="left" if name == "ms" else "right")
    table.add_row("first visible reaction", *row([a.first - a.at for a in everything if a.first]))
    table.add_row("complete answer", *row([a.done - a.at for a in everything if a.done]))
    table.add_row("the bot's loop answers a ping", *row(stalls.bot))
    table.add_row("of which this measuring loop's own lag", *row(stalls.own))
    Console(width=100).print(table)
    lost = [asked for asked in everything if asked.done is None]
    print(f"asked {len(everything)}, answered {len(everything) - len(lost)}, lost {len(lost)}")
    for asked in lost:
        print(f"  lost: last seen {asked.told!r}")


async def measure(arguments: argparse.Namespace, home: Path) -> None:
    """Run the bot and each load once."""
    async with furnished() as scene:
        double = scene.double
        channels = [double.channel(scene.guild, f"room-{n}") for n in range(arguments.channels)]
        async with running_bot(double, home) as bot:
            await double.until(lambda: double.world.commands[None], 30, "the commands")
            warm = await double.slash(scene.ada, scene.channel, "ask", question=QUESTIONS[0])
            await double.wait_answer(warm, complete, 60)
            double.limits.on = arguments.limits
            for mentions in (False, True):
                stalls = Stalls()
                watching = asyncio.create_task(watch(scene, stalls))
                everything = await ask_all(
                    scene,
                    arguments.people,
                    channels,
                    mentions=mentions,
                    patience=arguments.patience,
                )
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                way = "mentions" if mentions else "/ask"
                limits = "Discord's rate limits on" if double.limits.on else "no rate limits"
                report(
                    f"{arguments.people} people, {way}, {len(channels)} channels",
                    everything,
                    stalls,
                    f"{limits}; 429s met: {double.limits.refused}",
                )
            print(f"bot still running: {bot.running}; tracebacks: {bot.said.count('Traceback')}")
            print(f"bodies that break a rule: {len(double.refusals())}")


def main() -> None:
    """Parse the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--channels", type=int, default=10)
    parser.add_argument("--patience", type=float, default=120.0, help="seconds")
    parser.add_argument("--limits", action="store_true", help="with Discord's rate limits")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        fill_home(home)
        asyncio.run(measure(arguments, home))


if __name__ == "__main__":
    main()
