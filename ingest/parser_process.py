"""What runs in a parsing process: limits, then one file after the other.

It imports no library until a file needs it, so that a process is there in a fraction of a second.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest.formats import MAX_BYTES, check_size
from ingest.parsed import ParsedDocument, RefusedError

CPU_GRACE = 2
"""Seconds of computing beyond the time for one file."""

Parse = Callable[[bytes, str], ParsedDocument]

CRASHED = (
    "It makes its reader crash, so it is damaged or made to do harm; save it again, or save its "
    "text alone."
)
_TOO_BIG = "It needs more memory than a document may; split it, or save its text alone."


def serve(connection: Connection[Any, Any], parse: Parse, memory: int) -> None:
    """Parse what comes through the connection, until its other end is closed.

    In comes a file as its bytes or its path, its name and the seconds it may take. Out goes
    its name once it is here, and then the document or a refusal. ``memory`` is the address
    space of this process in bytes.
    """
    _set_up(memory)
    while True:
        try:
            source, name, seconds = connection.recv()
        except EOFError:
            return
        connection.send(name)
        _limit_cpu(seconds)
        try:
            connection.send(_attempt(parse, source, name))
        except MemoryError:  # the document is too big to be packed; nothing of it was sent
            connection.send(RefusedError(_TOO_BIG))


def _attempt(parse: Parse, source: Path | bytes, name: str) -> ParsedDocument | RefusedError:
    try:
        return parse(source if isinstance(source, bytes) else _read(source), name)
    except RefusedError as refusal:
        return RefusedError(str(refusal))
    except MemoryError:
        return RefusedError(_TOO_BIG)
    except Exception:  # whatever a library raises over a damaged file
        return RefusedError(CRASHED)


def _read(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a device would never end
            raise RefusedError("It is no regular file.")
        check_size(found.st_size)
        with path.open("rb") as file:
            # One byte more than allowed, so that a file that grows is refused as well.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RefusedError(f"It can't be read ({error.strerror}).") from None


def _limit_cpu(seconds: float) -> None:
    """Let this process compute a little longer than a file may take, then be ended by the system.

    Ordinarily its parent ends it before. A parent that was killed can't.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = math.ceil(time.process_time() + seconds) + CPU_GRACE
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def _set_up(memory: int) -> None:
    """Set limits, and silence what dies here."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    # Bytecode makes the next process start in a fraction of the time.
    sys.dont_write_bytecode = False
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, memory)):
        _, hard = resource.getrlimit(limit)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS knows the limit on memory and refuses to set it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (allowed, hard))
