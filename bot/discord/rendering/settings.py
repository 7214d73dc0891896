"""The settings of a server, in one message, and the log of what its keepers did."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import discord
from discord import ui

from bot.discord.keeping.audit_controls import OlderButton
from bot.discord.keeping.settings_controls import (
    MOST_CHOSEN,
    AddRolesSelect,
    AnswerChannelsSelect,
    AutoAnswerSelect,
    LanguageSelect,
    QuotasButton,
)
from bot.discord.language import decimal, mark, retell, say
from bot.discord.rendering.page import Accent, Page, boxed, rule
from bot.discord.rendering.text import fitted, moment
from store.servers import MEGABYTE, Action, Entry, ServerSettings, Used

_DONE: dict[Action, str] = {
    "added": mark("➕ added"),
    "addition undone": mark("↩️ took back"),
    "refresh undone": mark("↩️ took back the refresh of"),
    "removed": mark("➖ removed"),
    "removal undone": mark("↩️ brought back"),
    "refreshed": mark("🔄 refreshed"),
    "corrected": mark("✏️ corrected"),
    "set": mark("⚙️ set"),
}


def settings_page(
    guild: discord.Guild, settings: ServerSettings, auto: Collection[int], used: Used
) -> Page:
    """What is set and how to change it; what was deleted in the meantime is left out."""

    def existing(ids: Collection[int]) -> list[int]:
        return sorted(one for one in ids if guild.get_channel(one))[:MOST_CHOSEN]

    roles = [one for one in settings.add_roles if guild.get_role(one)]
    quota = _titled(
        say("What may be added within a day"),
        say(
            "Documents: {documents} of {most_documents}. Megabytes: {megabytes} of "
            "{most_megabytes}.",
            documents=decimal(used.documents),
            most_documents=decimal(settings.documents_a_day),
            megabytes=decimal(used.bytes / MEGABYTE, 1),
            most_megabytes=decimal(settings.megabytes_a_day),
        ),
    )
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### "
                + say("Settings for {server}", server=fitted(guild.name, 100))
                + "\n-# "
                + say("Each change holds at once and stands in /audit."),
                rule(),
                _titled(
                    say("Where I answer"),
                    say("With none chosen, everywhere. Private answers work anyway."),
                ),
                ui.ActionRow(AnswerChannelsSelect(existing(settings.answer_channels))),
                _titled(
                    say("Where I answer every question"),
                    say("Without being mentioned; threads and posts included."),
                ),
                ui.ActionRow(AutoAnswerSelect(existing(auto))),
                _titled(
                    say("Who may add documents"),
                    say(
                        "Beside those with “{permission}”. What is added is seen in this server "
                        "alone.",
                        permission=say("Manage Server"),
                    ),
                ),
                ui.ActionRow(AddRolesSelect(roles)),
                _titled(
                    say("My language"),
                    say("Of headings, buttons and notices. Quotes stay as they are."),
                ),
                ui.ActionRow(LanguageSelect(settings.language)),
                quota,
                ui.ActionRow(QuotasButton()),
            ),
        )
    )


def audit_page(entries: Sequence[Entry], *, more: bool) -> Page:
    """Lines of the audit log, newest first."""
    lead = say("Audit log")
    if not entries:
        told = say("Nothing was changed here yet.")
        return Page((boxed(Accent.OPEN, f"### {lead}\n-# {told}"),))
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"### {lead}\n-# " + say("Newest first."),
                rule(),
                "\n".join(entry_line(entry) for entry in entries),
                ui.ActionRow(OlderButton(str(entries[-1].id))) if more else None,
            ),
        )
    )


def entry_line(entry: Entry, *, with_title: bool = True) -> str:
    """Who did what, when."""
    what = f"**{fitted(entry.title, 80)}**" if entry.title and with_title else ""
    verb, detail = say(_DONE[entry.action]), _detail(entry)
    if not what and entry.action != "set":
        verb = verb.removesuffix(":")  # which Russian has before a title
    done = " ".join(part for part in (verb, what, detail) if part)
    return f"{moment(entry.at)} <@{entry.user_id}> {done}"


def _detail(entry: Entry) -> str:
    if not entry.detail:
        return ""
    detail = retell(entry.detail)
    return detail if entry.action == "set" else f"({fitted(detail, 200)})"


def _titled(title: str, told: str) -> str:
    return f"**{title}**\n-# {told}"
