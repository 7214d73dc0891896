"""Telling Discord what commands there are, only when that has changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import Any

from discord import app_commands

from store.answers import AnswerRecord

log = logging.getLogger(__name__)


async def sync_if_changed(
    tree: app_commands.CommandTree[Any], application_id: int, record: AnswerRecord
) -> bool:
    """Sync the global commands if they differ from those that Discord was last told of."""
    sha256 = await fingerprint(tree)
    if await asyncio.to_thread(record.synced_commands, application_id) == sha256:
        return False
    await tree.sync()
    await asyncio.to_thread(record.set_synced_commands, application_id, sha256)
    log.info("Discord was told of the commands")
    return True


async def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """The hash of all that Discord is told of the commands, translations included."""
    translator = tree.translator
    payloads = [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    payloads.sort(key=lambda payload: (payload["type"], payload["name"]))
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()
