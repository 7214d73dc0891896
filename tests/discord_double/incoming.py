"""A request as it came in: its body, read once, and the record of all requests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Upload = tuple[str, bytes, str]


@dataclass
class Incoming:
    """One request of the bot."""

    method: str
    path: str
    at: float
    body: Any = None
    files: list[Upload] = field(default_factory=list)
    status: int = 0
    authorised: bool = False
    refusal: str = ""
    breaks_rules: bool = False


INCOMING: web.RequestKey[Incoming] = web.RequestKey("incoming", Incoming)


async def read(request: web.Request, path: str, at: float, token: str) -> Incoming:
    """Read a request whole: JSON, or `payload_json` with `files[n]`."""
    made = Incoming(request.method, path, at)
    made.authorised = request.headers.get("Authorization") == f"Bot {token}"
    if request.content_type == "multipart/form-data":
        form = await request.post()
        if "payload_json" in form:
            made.body = json.loads(str(form["payload_json"]))
        for name, value in form.items():
            if re.fullmatch(r"files\[\d+\]", name) and isinstance(value, web.FileField):
                made.files.append((value.filename, value.file.read(), value.content_type))
    elif request.can_read_body:
        raw = await request.read()
        made.body = json.loads(raw) if raw else None
    return made
