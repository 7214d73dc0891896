"""Adding documents over the wire, as a server's owner does."""

from __future__ import annotations

from tests.discord_double.conftest import Scene
from tests.discord_double.world import Message


async def previewed(live: Scene, name: str, data: bytes) -> Message:
    """A file uploaded by the owner, and the bot's preview of it."""
    double = live.double
    uploaded = await double.upload(live.channel, name, data)
    added = await double.slash(live.owner, live.channel, "add", file=uploaded)
    return await double.wait_answer(added, lambda m: "Confirm" in labels(m), within=30)


def labels(message: Message) -> list[str]:
    return [part.get("label", "") for part in message.buttons]


async def until_says(live: Scene, message: Message, words: str, within: float = 60) -> None:
    await live.double.until(lambda: words in message.text, within, f"{words!r} in the message")


async def ask(live: Scene, question: str) -> str:
    asked = await live.double.slash(live.double.user("Zoe"), live.channel, "ask", question=question)
    return (await live.double.wait_answer(asked, within=30)).text
