"""Fact-checks and timelines as a member sees them."""

from __future__ import annotations

from tests.bot.discord.reading import accent, labels, texts

MESSAGE = """The treaty entered into force on 4 December 2024.
The Pentagon said that about 90,000 North Korean troops were in the Kursk region.
Mongolia bought four submarines."""


async def test_each_claim_gets_a_verdict_with_its_quotes_for_the_one_who_asked(scene):
    message = await scene.ben.send(scene.channel, MESSAGE)
    result = await scene.ann.context_menu(scene.channel, "Fact-check this", message)
    assert result.response.ephemeral
    shown = texts(result.response)
    assert shown.index("Supported by the corpus") < shown.index("The corpus has other figures")
    assert shown.index("The corpus has other figures") < shown.index("Not in the corpus")
    assert "The message says 90,000; the corpus has 10,000." in shown
    assert "[1]" in labels(result.response)


async def test_the_quote_of_a_claim_opens(scene):
    message = await scene.ben.send(scene.channel, MESSAGE)
    result = await scene.ann.context_menu(scene.channel, "Fact-check this", message)
    opened = await scene.ann.click(result.response, label="[1]")
    assert "entered into force" in texts(opened.response)


async def test_a_message_without_claims_says_so(scene):
    message = await scene.ben.send(scene.channel, "lol really?")
    result = await scene.ann.context_menu(scene.channel, "Fact-check this", message)
    assert "no claim" in texts(result.response)


async def test_a_timeline_is_in_order_and_cited(scene):
    result = await scene.ann.slash(
        scene.channel, "timeline", topic="North Korean troops in the Kursk region"
    )
    shown = texts(result.response)
    places = [shown.index(date) for date in ("18 Oct 2024", "4 Nov 2024", "28 Apr 2025")]
    assert places == sorted(places)
    assert "[1]" in labels(result.response)


async def test_a_topic_that_the_corpus_lacks_has_no_timeline(scene):
    result = await scene.ann.slash(scene.channel, "timeline", topic="pizza")
    assert "No dated sentences" in texts(result.response)
    assert accent(result.response) == 0xF0B232
