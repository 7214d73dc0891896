"""One process at a time: two that write to one embedded Chroma lose vectors silently."""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout

from store.errors import StoreBusyError


def lock_store(folder: Path, purpose: str) -> FileLock:
    """Take the store's exclusive lock, held until released or until the process ends.

    Raises :class:`StoreBusyError` naming who holds it. ``purpose`` is what this process will
    be called in the other's message.
    """
    lock = FileLock(folder / "lock")
    owner = folder / "lock.owner"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        holder = owner.read_text().strip() if owner.exists() else "another process"
        raise StoreBusyError(
            f"The store {folder} is open in {holder}. Close that one first, or set TUMEN_HOME to "
            "another folder for a second corpus."
        ) from error
    owner.write_text(f"`{purpose}` (process {os.getpid()})\n")
    return lock
