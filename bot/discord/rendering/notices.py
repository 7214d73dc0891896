"""Short notices: busy, still writing, declined, failed, thanks, help."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.discord.language import mark, say
from bot.discord.rendering.page import Accent, Page, boxed, rule
from bot.discord.rendering.text import cut, escaped, fitted, printable

EXAMPLES = (
    mark("How many North Korean troops are in Russia?"),
    mark("What does Article 4 of the treaty say?"),
    mark("Why does China keep quiet?"),
)


FIELDS = {
    "title": mark("Title"),
    "publisher": mark("Publisher"),
    "published": mark("Published"),
    "language": mark("Language"),
    "question": mark("Question"),
    "links": mark("Links"),
    "documents": mark("Documents"),
    "megabytes": mark("Megabytes"),
    "kind": mark("Kind of source"),
}
"""What a form calls its lines, by their ids."""
MOST_RETURNED = 3_400
"""Characters of a lost form that are given back: more than any form of ours takes."""
LONGEST_CERTAIN, MOST_CERTAIN = 400, 8
"""Characters of a sentence, and sentences, shown while an answer is being written."""


def busy_page(ahead: int) -> Page:
    """The question waits for its turn."""
    told = say("Busy: {number} ahead of you. Your answer will appear here.", number=ahead)
    return Page((boxed(Accent.WAITING, f"⏳ {told}"),))


def writing_page(certain: Sequence[str] = ()) -> Page:
    """The question is being answered; ``certain`` are the sentences that passed their checks."""
    if not certain:
        reading = say("Still writing: reading the sources…")
        return Page((boxed(Accent.WAITING, f"✍️ {reading}"),))
    sentences = "\n\n".join(
        fitted(sentence, LONGEST_CERTAIN) for sentence in certain[:MOST_CERTAIN]
    )
    return Page(
        (boxed(Accent.WAITING, sentences, "-# ✍️ " + say("Still writing; sources follow.")),)
    )


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
            parts.append(f"**{fitted(say(FIELDS.get(name, name)), 40)}**\n```\n{shown}\n```")
    lead = (
        say(
            "I was restarted while you wrote, and nothing was done. Open the form again and paste "
            "what you typed:"
        )
        if parts
        else say("I was restarted while you wrote, and nothing was done. Open the form again.")
    )
    again = say("Choose your files again, too.") if files else None
    return Page((boxed(Accent.MISSING, lead, *parts, again),))


def help_page(bot_mention: str, *, reads_messages: bool) -> Page:
    """What can be asked, and how."""
    ways = say(
        "**Ask**\n"
        "- `/ask`; with `as_of` only what was known on that day, with `private` only for you\n"
        "- mention me: {bot} *your question*\n"
        "- **reply** to one of my answers to ask on: “and in 2025?” is understood\n"
        "- write to me directly, in a private message\n"
        "- on any message: **Apps → Ask about this** or **Fact-check this**",
        bot=bot_mention,
    )
    looks = say(
        "**Look things up**\n"
        "- `/sources` finds passages without answering\n"
        "- `/timeline` puts dated sentences on a topic in order\n"
        "- `/documents` lists what I hold, `/document` shows what I know about one"
    )
    keeping = say(
        "**Keep the library**\n"
        "- `/add` takes a file or a link; so does **Apps → Add to corpus** on a message\n"
        "- `/refresh` and `/remove` keep the library; an undo works for an hour\n"
        "- for admins: `/setup`, `/doctor`, `/audit`, `/stats`"
    )
    foot = "-# " + say("Press a number under an answer to read its source.")
    if not reads_messages:
        foot += "\n-# " + say("Here I read only messages that mention me.")
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### " + say("Ask me about North Korea, Russia and China"),
                say("Every sentence of an answer rests on quotes, with their sources."),
                _examples(),
                rule(),
                ways,
                looks,
                keeping,
                rule(),
                foot,
            ),
        )
    )


def welcome_page(bot_mention: str) -> Page:
    """What a server that invited the bot is told, once."""
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### " + say("Hello! I am Tumen"),
                say(
                    "I answer questions about North Korea, Russia and China. Every sentence rests "
                    "on a source that you can open; what the sources don't say, I don't say."
                ),
                say("Try {bot} or `/ask`:", bot=bot_mention) + "\n" + _examples(),
                rule(),
                "-# "
                + say(
                    "For those who manage this server: with `/setup` you choose where I answer, "
                    "who may add documents, and my language; `/doctor` tells if I lack a "
                    "permission. I ping nobody, and say nothing unasked after this."
                ),
            ),
        )
    )


def _examples() -> str:
    return "\n".join(f"> {fitted(say(example), 100)}" for example in EXAMPLES)
