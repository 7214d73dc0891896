"""From any failure to one sentence that a person can act on."""

from __future__ import annotations

import logging
import re
import traceback

from ingest.parsed import RefusedError
from store.errors import StoreBusyError, StoreError

FAILED, BUSY, INTERNAL, STOPPED = 1, 75, 70, 130
"""Exit codes: EX_TEMPFAIL and EX_SOFTWARE of sysexits.h, and what shells give for Ctrl-C."""

_HOST = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/", re.IGNORECASE)


class UsageError(Exception):
    """What was typed can't be done; the message says how it can."""


class StoppedError(Exception):
    """The user stopped long work; the message says what was kept and how to go on."""


def exit_code_and_message(error: Exception) -> tuple[int, str]:
    """What to tell the user about a failure that nothing else caught, and the exit code."""
    from sqlalchemy.exc import DBAPIError  # slow to import, and only needed now

    if isinstance(error, StoreBusyError):
        return BUSY, str(error)
    if isinstance(error, StoreError | RefusedError | UsageError):
        return FAILED, str(error)
    if isinstance(error, StoppedError):
        return STOPPED, str(error)
    if isinstance(error, DBAPIError):
        return FAILED, (
            f"The record can't be written or read ({error.orig}). What was taken in before is "
            "kept; free disk space if it is full, and run the same command again."
        )
    if isinstance(error, FileNotFoundError):
        missing = str(error.filename or error)
        hint = " A link begins with https://." if _HOST.match(missing) else ""
        return FAILED, f"There is no file or folder {missing}.{hint}"
    if isinstance(error, OSError):
        return FAILED, f"{error.strerror or error}: {error.filename or 'the system refused'}."
    logging.getLogger(__name__).debug("".join(traceback.format_exception(error)))
    return INTERNAL, (
        f"Something unexpected went wrong ({type(error).__name__}: {error}). The corpus is as it "
        "was; `tumen doctor` checks it. Please report this."
    )
