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
    QuotasButton,
)
from bot.discord.rendering.page import Accent, Page, boxed, rule
from bot.discord.rendering.text import fitted, moment
from store.servers import MEGABYTE, Action, Entry, ServerSettings, Used

_DONE: dict[Action, str] = {
    "added": "➕ added",
    "addition undone": "↩️ took back",
    "refresh undone": "↩️ took back the refresh of",
    "removed": "➖ removed",
    "removal undone": "↩️ brought back",
    "refreshed": "🔄 refreshed",
    "corrected": "✏️ corrected",
    "set": "⚙️ set",
}


def settings_page(
    guild: discord.Guild, settings: ServerSettings, auto: Collection[int], used: Used
) -> Page:
    """What is set and how to change it; what was deleted in the meantime is left out."""

    def existing(ids: Collection[int]) -> list[int]:
        return sorted(one for one in ids if guild.get_channel(one))[:MOST_CHOSEN]

    roles = [one for one in settings.add_roles if guild.get_role(one)]
    quota = (
        f"**Quotas**\n-# Within a day: {settings.documents_a_day:,} documents and "
        f"{settings.megabytes_a_day:,} MB. Of the last day's: {used.documents} and "
        f"{used.bytes / MEGABYTE:.1f} MB."
    )
    return Page(
        (
            boxed(
                Accent.OPEN,
                f"### Settings for {fitted(guild.name, 100)}\n-# Each change holds at once and "
                "stands in /audit.",
                rule(),
                "**Where I answer**\n-# With none chosen, everywhere. Private answers work anyway.",
                ui.ActionRow(AnswerChannelsSelect(existing(settings.answer_channels))),
                "**Where I answer every question**\n-# Without being mentioned; threads and "
                "posts included.",
                ui.ActionRow(AutoAnswerSelect(existing(auto))),
                "**Who may add documents**\n-# Beside those with Manage Server. What is added "
                "is seen in this server alone.",
                ui.ActionRow(AddRolesSelect(roles)),
                quota,
                ui.ActionRow(QuotasButton()),
            ),
        )
    )


def audit_page(entries: Sequence[Entry], *, more: bool) -> Page:
    """Lines of the audit log, newest first."""
    if not entries:
        return Page((boxed(Accent.OPEN, "### Audit log\n-# Nothing was changed here yet."),))
    return Page(
        (
            boxed(
                Accent.OPEN,
                "### Audit log\n-# Newest first.",
                rule(),
                "\n".join(entry_line(entry) for entry in entries),
                ui.ActionRow(OlderButton(str(entries[-1].id))) if more else None,
            ),
        )
    )


def entry_line(entry: Entry, *, with_title: bool = True) -> str:
    """Who did what, when."""
    what = f"**{fitted(entry.title, 80)}**" if entry.title and with_title else ""
    detail = _detail(entry)
    done = " ".join(part for part in (_DONE[entry.action], what, detail) if part)
    return f"{moment(entry.at)} <@{entry.user_id}> {done}"


def _detail(entry: Entry) -> str:
    if not entry.detail:
        return ""
    return entry.detail if entry.action == "set" else f"({fitted(entry.detail, 200)})"
