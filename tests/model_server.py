"""A chat model that says what it is told to, over the real wire formats of three providers.

It speaks OpenAI's, Anthropic's and Ollama's streaming formats, so that their own client packages
run for real, and fails in the ways in which such servers fail.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

UNKNOWN_ID = "S999"
"""Stands for a sentence that a prompt does not show."""
USAGE = (1_200, 40)
"""Tokens read and written that every answer reports."""


@dataclass
class Reply:
    """What the model says, and what goes wrong. ``pace`` is in tokens (of 4 characters) a second.

    ``cut_after`` closes the connection after so many pieces; ``unfinished`` ends the stream
    without the word that it is done; ``ends`` is why the model stopped.
    """

    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = "no"
    piece: int = 7
    pace: float | None = None
    silence: float = 0.0
    cut_after: int | None = None
    unfinished: bool = False
    ends: str = "stop"


@dataclass
class Asked:
    """A request as the server got it."""

    path: str
    system: str
    user: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def is_repair(self) -> bool:
        return "mend" in self.system

    @property
    def is_rewriting(self) -> bool:
        return "Last question:" in self.user

    def id_of(self, snippet: str) -> str:
        """The id under which the prompt shows the sentence with these words."""
        found = re.search(rf"\[(S\d+)\][^\n]*{re.escape(snippet)}", self.user)
        return found[1] if found else UNKNOWN_ID


Script = Callable[[Asked], Reply]


class ModelServer:
    """Answers each request by its script; ``asked`` holds them all."""

    def __init__(self) -> None:
        self.script: Script = lambda _: Reply("Hello.")
        self.asked: list[Asked] = []
        self.url = ""

    def says(self, *texts: str | Reply) -> None:
        """Say these one after the other, the last again and again."""
        replies = [text if isinstance(text, Reply) else Reply(text) for text in texts]
        left = iter(replies)
        self.script = lambda _: next(left, replies[-1])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        asked = _read(request.path, dict(request.headers), body)
        self.asked.append(asked)
        reply = self.script(asked)
        await asyncio.sleep(reply.silence)
        if request.transport is None or request.transport.is_closing():
            return web.Response()
        if reply.status != 200:
            error = {"error": {"message": reply.error, "type": "x", "code": reply.error}}
            if request.path == "/api/chat":
                error = {"error": reply.error}
            return web.json_response(error, status=reply.status, headers=reply.headers)
        response = web.StreamResponse(headers={"Content-Type": _TYPES[request.path]})
        with suppress(ConnectionError):  # who has read enough hangs up
            await response.prepare(request)
            for number, line in enumerate(_SPEAKERS[request.path](reply)):
                if reply.cut_after is not None and number >= reply.cut_after:
                    request.transport.abort()
                    return response
                await response.write(line.encode())
                if reply.pace:
                    await asyncio.sleep(reply.piece / 4 / reply.pace)
            await response.write_eof()
        return response


@contextmanager
def running_server() -> Iterator[ModelServer]:
    """A server on a free port of this machine, in a thread of its own."""
    server = ModelServer()
    loop = asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        app = web.Application()
        for path in _SPEAKERS:
            app.router.add_post(path, server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        [(_, port)] = runner.addresses
        server.url = f"http://127.0.0.1:{port}"
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _cancel_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _read(path: str, headers: dict[str, str], body: dict[str, Any]) -> Asked:
    messages = body["messages"]
    system = [_text(m["content"]) for m in messages if m["role"] == "system"]
    user = [_text(m["content"]) for m in messages if m["role"] == "user"]
    return Asked(path, "".join(system) or _text(body.get("system", "")), user[-1], headers, body)


def _text(content: str | list[dict[str, str]]) -> str:
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def _pieces(reply: Reply) -> list[str]:
    return [reply.text[n : n + reply.piece] for n in range(0, len(reply.text), reply.piece)]


def _openai(reply: Reply) -> Iterator[str]:
    def event(choices: list[Any], **more: Any) -> str:
        data = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return f"data: {json.dumps({**data, 'choices': choices, **more})}\n\n"

    yield event([{"index": 0, "delta": {"role": "assistant", "content": ""}}])
    for piece in _pieces(reply):
        yield event([{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
    if reply.unfinished:
        return
    yield event([{"index": 0, "delta": {}, "finish_reason": reply.ends}])
    read, written = USAGE
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    yield event([], usage=usage)
    yield "data: [DONE]\n\n"


def _anthropic(reply: Reply) -> Iterator[str]:
    def event(kind: str, **data: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n"

    read, written = USAGE
    message = {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": read, "output_tokens": 1},
    }
    yield event("message_start", message=message)
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for piece in _pieces(reply):
        yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
    if reply.unfinished:
        return
    yield event("content_block_stop", index=0)
    reason = {"stop": "end_turn", "length": "max_tokens"}.get(reply.ends, reply.ends)
    delta = {"stop_reason": reason, "stop_sequence": None}
    usage = {"input_tokens": read, "output_tokens": written}
    yield event("message_delta", delta=delta, usage=usage)
    yield event("message_stop")


def _ollama(reply: Reply) -> Iterator[str]:
    def line(content: str, **more: Any) -> str:
        message = {"role": "assistant", "content": content}
        data = {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message}
        return json.dumps({**data, "done": False, **more}) + "\n"

    for piece in _pieces(reply):
        yield line(piece)
    if not reply.unfinished:
        read, written = USAGE
        yield line(
            "",
            done=True,
            done_reason=reply.ends,
            prompt_eval_count=read,
            eval_count=written,
            total_duration=1,
            load_duration=1,
        )


_SPEAKERS = {
    "/v1/chat/completions": _openai,
    "/v1/messages": _anthropic,
    "/api/chat": _ollama,
}
_TYPES = {
    "/v1/chat/completions": "text/event-stream",
    "/v1/messages": "text/event-stream",
    "/api/chat": "application/x-ndjson",
}
