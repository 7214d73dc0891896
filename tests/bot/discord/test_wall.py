"""The wall between servers: whatever is searched and pressed, nothing of another is seen.

Servers with documents of their own, each with words that are in no other. Members search, list,
open, and press forged buttons with the ids of other servers' answers, documents, drafts and log
lines. All that they are shown is searched for other servers' words and ids, and counts are
compared with what is really theirs. The seed stands in the name of the test.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest

from bot.discord.desk import DeskRules
from bot.discord.limits import Rate
from store.model import Version
from store.servers import Entry
from tests.bot.discord.conftest import Scene, Shelf
from tests.bot.discord.files import letter
from tests.bot.discord.reading import answer_id, buttons, texts
from tests.conftest import plain_version

BASE = 5
"""Documents of the base corpus in the shelf."""
TOPICS = ("coal", "shells", "workers", "rice", "drones", "ferries", "cement", "salt")


@dataclass
class House:
    """A server, what is its own, and what was asked there."""

    guild: Any
    channel: Any
    keeper: Any
    marks: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    message: Any = None
    asked: int = 0

    @property
    def scope(self) -> str:
        return str(self.guild.id)


def mark(rng: random.Random) -> str:
    """A word that is in no other document."""
    return "".join(rng.choice("bdfgklmnprtvz") + rng.choice("aeiou") for _ in range(5))


def build(scene: Scene, shelf: Shelf, rng: random.Random, servers: int, each: int) -> list[House]:
    houses = []
    versions: list[Version] = []
    for number in range(servers):
        guild = scene.env.create_guild(name=f"Server {number}")
        channel = guild.create_text_channel("general")
        role = guild.create_role("Keepers", permissions=discord.Permissions(manage_guild=True))
        keeper = guild.add_member(scene.env.create_user(f"keeper{number}"), roles=[role])
        house = House(guild, channel, keeper)
        for ordinal in range(each):
            word, topic = mark(rng), rng.choice(TOPICS)
            house.marks.append(word)
            versions.append(
                plain_version(
                    shelf.store.embedder,
                    f"The {word} company shipped {ordinal + 3} tonnes of {topic} to Rajin in "
                    f"March 2025.\nIts director is called {word.title()}ov.",
                    f"/{word}.md",
                    house.scope,
                    title=f"Ledger of {word}",
                    publisher=f"{word.title()} Press",
                    published="2025-03-31",
                )
            )
        houses.append(house)
    keys = iter(shelf.add_all(versions))
    for house in houses:
        house.documents = [next(keys) for _ in range(each)]
        house.entries = [
            shelf.library.servers.append(
                Entry(house.scope, house.keeper.id, "added", one, f"Ledger of {word}", version=1)
            )
            for one, word in zip(house.documents, house.marks, strict=True)
        ]
    return houses


class Prowler:
    """Does something at random in one of the servers, and looks at what is shown."""

    def __init__(self, scene: Scene, houses: list[House], rng: random.Random) -> None:
        self.scene, self.houses, self.rng = scene, houses, rng
        self.seen = 0
        self.acts: Counter[str] = Counter()

    async def step(self) -> None:
        house = self.rng.choice(self.houses)
        other = self.rng.choice([one for one in self.houses if one is not house])
        acts = (self.search, self.ask, self.lists, self.opens, self.presses, self.types, self.adds)
        weights = (50, 6, 6, 8, 20, 6, 4)
        [act] = self.rng.choices(acts, weights)
        self.acts[act.__name__] += 1
        await act(house, other)

    def check(self, house: House, shown: str, typed: str = "") -> None:
        """Nothing of another server is in what is shown, but for what the member typed."""
        self.seen += 1
        folded = shown.casefold()
        for other in self.houses:
            if other is house:
                continue
            for secret in (*other.marks, *other.documents, *other.answers, *other.drafts):
                if secret in folded and secret not in typed:
                    raise AssertionError(f"{secret} of {other.scope} in {house.scope}: {shown}")

    def query(self, house: House, other: House) -> str:
        word = self.rng.choice([*house.marks, *other.marks, *other.marks])
        return self.rng.choice(
            [
                f"What did the {word} company ship?",
                f"Who is the director of {word}?",
                f"How many tonnes of {self.rng.choice(TOPICS)} went to Rajin in March 2025?",
                f"{word[:-1]} Press ledger",
            ]
        )

    async def search(self, house: House, other: House) -> None:
        query = self.query(house, other)
        store = self.scene.bot.library.store
        result = store.search(query, scope=house.scope, limit=20)
        assert {hit.passage.scope for hit in result.hits} <= {"base", house.scope}
        self.check(house, " ".join(repr(hit) for hit in result.hits), query)

    async def ask(self, house: House, other: House) -> None:
        query = self.query(house, other)
        name = self.rng.choice(["ask", "ask", "sources", "timeline"])
        option = {"ask": "question", "sources": "query", "timeline": "topic"}[name]
        result = await house.keeper.slash(house.channel, name, **{option: query})
        house.message = result.response
        shown = texts(house.message)
        house.queries.append(query)
        self.check(house, shown, query)
        house.asked += name == "ask"
        if buttons(house.message):
            house.answers.append(answer_id(house.message))

    async def lists(self, house: House, _: House) -> None:
        word = self.rng.choice(["", "", "ledger", "press"])
        options = {"search": word} if word else {}
        result = await house.keeper.slash(house.channel, "documents", **options)
        shown = texts(result.response)
        self.check(house, shown + str(result.response.components))
        own = len(house.documents)
        expected = own if word else BASE + own
        assert re.search(rf"### {expected} document", shown), shown
        for name in ("audit", "stats"):
            told = await house.keeper.slash(house.channel, name)
            self.check(house, texts(told.response), " ".join(house.queries))
            if name == "stats" and house.asked:
                assert f"Questions: **{house.asked}**" in texts(told.response)

    async def opens(self, house: House, other: House) -> None:
        """By an id that somebody from another server let slip."""
        identifier = self.rng.choice([*house.documents, *other.documents])
        name = self.rng.choice(["document", "document", "remove", "refresh"])
        if name != "document" and identifier in house.documents:
            name = "document"
        result = await house.keeper.slash(house.channel, name, id=identifier)
        self.scene.env.errors  # noqa: B018 - declined
        shown = texts(result.response or result.followups[-1])
        self.check(house, shown, "")
        if identifier in other.documents:
            assert "I know no such document here" in " ".join(
                texts(one) for one in (result.response, *result.followups) if one
            )

    async def types(self, house: House, other: House) -> None:
        """Autocompletion, with another server's words."""
        typed = self.rng.choice(["", "ledger", *other.marks, *other.documents])[:80]
        for name in ("document", "remove"):
            offered = await house.keeper.autocomplete(house.channel, name, "id", typed)
            self.check(house, str(offered))
            assert {one["value"] for one in offered} & set(other.documents) == set()

    async def presses(self, house: House, other: House) -> None:
        """Buttons that no client shows, with another server's ids in them."""
        if house.message is None or not buttons(house.message):
            await self.ask(house, other)
            return
        kinds = [
            [f"tumen:cite:{one}:1" for one in other.answers],
            [f"tumen:share:{one}" for one in other.answers],
            [f"tumen:source:{one}" for one in other.answers],
            [f"tumen:undo:{one}" for one in other.entries],
            [f"tumen:draft:{one}:confirm" for one in other.drafts],
            [f"tumen:draft:{one}:look" for one in other.drafts],
            [f"tumen:draft:{one}:edit" for one in other.drafts],
            [f"tumen:document:{one}:open" for one in other.documents],
            [f"tumen:document:{one}:remove" for one in other.documents],
            [f"tumen:document:{one}:correct" for one in other.documents],
            [f"tumen:audit:{max(other.entries) + 1}", "tumen:documents:on:1:ledger"],
        ]
        ids = self.rng.choice([kind for kind in kinds if kind])
        pressed = await self.forge(house, self.rng.choice(ids))
        shown = [one for one in (pressed.response, *pressed.followups) if one]
        # A press that is only acknowledged shows the message again, with what the member asked.
        typed = " ".join(house.queries)
        self.check(house, " ".join(map(texts, shown)) + str(pressed.modal), typed)

    async def forge(self, house: House, custom_id: str) -> Any:
        """Press a button that is not there: the ids in a message are what a client sends."""
        backend = self.scene.env.backend
        stored = backend.get_message(house.channel.id, house.message.id)
        button = next(_buttons(stored.components))
        before, button["custom_id"] = button["custom_id"], custom_id
        try:
            return await house.keeper.click(house.message, custom_id=custom_id)
        finally:
            stored = backend.get_message(house.channel.id, house.message.id)
            for one in _buttons(stored.components):
                if one["custom_id"] == custom_id:
                    one["custom_id"] = before

    async def adds(self, house: House, _: House) -> None:
        """A draft that waits, which nobody else may see or take in."""
        word = mark(self.rng)
        data = letter(self.rng.randrange(10**6), f"It was seen by {word}.")
        result = await house.keeper.slash(house.channel, "add", file=(f"{word}.txt", data))
        self.check(house, texts(result.response))
        house.marks.append(word)
        house.drafts += [
            b["custom_id"].split(":")[2]
            for b in buttons(result.response)
            if b.get("label") == "Confirm"
        ]


def _buttons(components: list[dict[str, Any]]) -> Any:
    for part in components:
        if part.get("type") == 2 and part.get("custom_id"):
            yield part
        yield from _buttons(part.get("components") or [])


async def prowl(open_scene: Any, shelf: Shelf, seed: int, servers: int, each: int, steps: int):
    rng = random.Random(seed)
    no_limit = Rate(10**6, 1)
    scene = await open_scene(shelf, DeskRules(per_user=no_limit, per_guild=no_limit))
    houses = build(scene, shelf, rng, servers, each)
    prowler = Prowler(scene, houses, rng)
    for _ in range(steps):
        await prowler.step()
    after = {house.scope: set(house.documents) for house in houses}
    for house in houses:
        store = scene.bot.library.store
        there = {d.id for d in store.documents(house.scope) if d.scope == house.scope}
        assert there == after[house.scope]  # nobody removed or added anything elsewhere
    assert prowler.seen >= steps
    done = ", ".join(f"{number} × {act}" for act, number in prowler.acts.most_common())
    print(f"seed {seed}, {servers} servers: {done}; {prowler.seen} looks, nothing foreign seen")


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_of_another_server_is_ever_seen(open_scene, shelf, seed):
    await prowl(open_scene, shelf, seed, servers=6, each=4, steps=150)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(3, 19))
async def test_nothing_of_another_server_is_ever_seen_at_length(open_scene, shelf, seed):
    """Many prowls rather than long ones: each step in simcord takes longer than the last."""
    await prowl(open_scene, shelf, seed, servers=30, each=12, steps=750)
