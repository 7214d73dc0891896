"""Short notices: busy, still writing, declined, failed, thanks, help."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.discord.rendering.page import Accent, Page, boxed, rule
from bot.discord.rendering.text import cut, escaped, fitted, printable

EXAMPLES = (
    "How many North Korean troops are in Russia?",
    "What does Article 4 of the treaty say?",
    "Why does China keep quiet?",
)


MOST_RETURNED = 3_400
"""Characters of a lost form that are given back: more than any form of ours takes."""
LONGEST_CERTAIN, MOST_CERTAIN = 400, 8
"""Characters of a sentence, and sentences, shown while an answer is being written."""


def busy_page(ahead: int) -> Page:
    """The question waits for its turn."""
    return Page(
        (boxed(Accent.WAITING, f"⏳ Busy: {ahead} ahead of you. Your answer will appear here."),)
    )


def writing_page(certain: Sequence[str] = ()) -> Page:
    """The question is being answered; ``certain`` are the sentences that passed their checks."""
    if not certain:
        return Page((boxed(Accent.WAITING, "✍️ Still writing: reading the sources…"),))
    sentences = "\n\n".join(
        fitted(sentence, LONGEST_CERTAIN) for sentence in certain[:MOST_CERTAIN]
    )
    return Page((boxed(Accent.WAITING, sentences, "-# ✍️ Still writing; sources follow."),))


_ESCAPED_MENTION = re.compile(r"\\<([#@][&!]?\d+)\\>")


def declined_page(sentence: str) -> Page:
    """Something is not done, and why. People and channels that it names can be pressed."""
    told = _ESCAPED_MENTION.sub(r"<\1>", escaped(sentence))
    return Page((boxed(Accent.MISSING, told),))


def failed_page(sentence: str) -> Page:
    """Something went wrong: one calm sentence."""
    return Page((boxed(Accent.WRONG, escaped(sentence)),))


def said_page(sentence: str, accent: Accent = Accent.COMPLETE) -> Page:
    """Something was done; ``sentence`` is ours and may carry markup."""
    return Page((boxed(accent, sentence),))


def typed_page(typed: Mapping[str, str], *, files: int) -> Page:
    """What was typed into a form that was lost, to be copied; by the id of its line."""
    parts = []
    room = MOST_RETURNED
    for name, text in typed.items():
        # Inside of a code block nothing but its end has a meaning.
        shown = cut(printable(text).replace("```", "'''"), room)
        room -= len(shown)
        if shown:
            parts.append(f"**{fitted(name.capitalize(), 40)}**\n```\n{shown}\n```")
    lead = "I was restarted while you wrote, and nothing was done. Open the form again"
    lead += " and paste what you typed:" if parts else "."
    again = "Choose your files again, too." if files else None
    return Page((boxed(Accent.MISSING, lead, *parts, again),))


def help_page(bot_mention: str, *, reads_messages: bool) -> Page:
    """What can be asked, and how."""
    examples = "\n".join(f"> {fitted(example, 100)}" for example in EXAMPLES)
    ways = [
        "- `/ask`; with `as_of` only what was known on that day, with `private` only for you",
        f"- mention me: {bot_mention} *your question*",
        "- **reply** to one of my answers to ask on: “and in 2025?” is understood",
        "- write to me directly, in a private message",
        "- on any message: **Apps → Ask about this** or **Fact-check this**",
    ]
    looks = [
        "- `/sources` finds passages without answering",
        "- `/timeline` puts dated sentences on a topic in order",
        "- `/documents` lists what I hold, `/document` shows what I know about one",
    ]
    keeping = [
        "- `/add` takes a file or a link; so does **Apps → Add to corpus** on a message",
        "- `/refresh` and `/remove` keep the library; an undo works for an hour",
        "- for admins: `/setup`, `/doctor`, `/audit`, `/stats`",
    ]
    foot = "-# Press a number under an answer to read its source."
    if not reads_messages:
        foot += "\n-# Here I read only messages that mention me."
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### Ask me about North Korea, Russia and China\n"
                "Every sentence of an answer rests on quotes, with their sources.",
                examples,
                rule(),
                "**Ask**\n" + "\n".join(ways),
                "**Look things up**\n" + "\n".join(looks),
                "**Keep the library**\n" + "\n".join(keeping),
                rule(),
                foot,
            ),
        )
    )


def welcome_page(bot_mention: str) -> Page:
    """What a server that invited the bot is told, once."""
    examples = "\n".join(f"> {fitted(example, 100)}" for example in EXAMPLES)
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### Hello! I am Tumen\n"
                "I answer questions about North Korea, Russia and China. Every sentence rests on "
                "a source that you can open; what the sources don't say, I don't say.",
                f"Try {bot_mention} or `/ask`:\n{examples}",
                rule(),
                "-# Those who manage this server: `/setup` says where I answer and who may add "
                "documents, `/doctor` tells if I lack a permission. I ping nobody, and say nothing "
                "unasked after this.",
            ),
        )
    )
