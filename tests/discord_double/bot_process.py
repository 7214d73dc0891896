"""The bot as its own process: started against a double, watched, stopped in every way."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from store.database import open_database
from store.servers import ServerRecord
from store.store import RECORD_FILE
from tests.discord_double.double import DiscordDouble

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "russia-north-korea-treaty-2024.md",
    "russia-north-korea-treaty-clauses.md",
    "north-korean-shells-for-russia.md",
    "how-many-north-korean-troops-in-russia.md",
)


def fill_home(home: Path) -> None:
    """A home with a few documents of the starter corpus, taken in by the real pipeline."""
    from bot.app import opened_store
    from bot.settings import Settings
    from ingest.pipeline import ingest_files, scan

    settings = Settings(tumen_home=home)
    with opened_store(settings, "the wire suite") as store:
        report = ingest_files(scan([ROOT / "corpus" / name for name in DOCUMENTS]), store)
        assert report.count("refused") == 0


class BotProcess:
    """A running `tumen bot`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.output: list[str] = []
        self.started = time.monotonic()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.output.append(line.decode(errors="replace").rstrip())

    @property
    def said(self) -> str:
        """All that it has printed."""
        return "\n".join(self.output)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.returncode is None

    def terminate(self) -> None:
        """Ask it to leave, as an init system does."""
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, within: float = 30.0) -> int:
        """Wait for its end; gives the exit code."""
        async with asyncio.timeout(within):
            code = await self.process.wait()
            await self._reading
        return code

    async def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self.running:
            self.process.kill()
        await self.ended()

    async def leave(self) -> int:
        """Ask it to leave and wait; kill it when it does not."""
        if self.running:
            self.terminate()
        try:
            return await self.ended()
        except TimeoutError:
            await self.kill()
            raise


async def start_bot(
    double: DiscordDouble, home: Path, *, token: str | None = None, **more: str
) -> BotProcess:
    """Start the bot; it is not ready yet."""
    environment = {
        **os.environ,
        "DISCORD_TOKEN": token or double.token,
        "TUMEN_HOME": str(home),
        "DOUBLE_API": double.api,
        "DOUBLE_GATEWAY": double.gateway.url,
        "PYTHONUNBUFFERED": "1",
        **more,
    }
    for name in [name for name in environment if name.startswith(("COV_", "COVERAGE_"))]:
        del environment[name]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.discord_double.run_bot",
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return BotProcess(process)


def acquaint(double: DiscordDouble, home: Path) -> None:
    """Let the bot have met the servers that it is in, so that it greets none at its start."""
    engine = open_database(home / RECORD_FILE)
    for guild_id in double.world.guilds:
        ServerRecord(engine).meet(guild_id, greeting=False)
    engine.dispose()


async def ready_bot(double: DiscordDouble, home: Path, **more: str) -> BotProcess:
    """Start the bot and wait until it listens; fails at once when it ends instead."""
    acquaint(double, home)
    bot = await start_bot(double, home, **more)
    listening = asyncio.create_task(double.ready(60))
    ending = asyncio.create_task(bot.process.wait())
    await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
    if ending.done() or listening.exception():
        listening.cancel()
        await bot.kill()
        raise RuntimeError(f"The bot did not come up:\n{bot.said}")
    ending.cancel()
    return bot


@asynccontextmanager
async def running_bot(double: DiscordDouble, home: Path, **more: str) -> AsyncIterator[BotProcess]:
    """A bot that listens; asked to leave at the end."""
    bot = await ready_bot(double, home, **more)
    try:
        yield bot
    finally:
        if bot.running:
            await bot.leave()


def copied(home: Path, to: Path) -> Path:
    """A home of its own for one test."""
    shutil.copytree(home, to)
    return to
