"""Parsing in other processes: what a hostile or broken file can do ends with that process.

A PDF of four kilobytes can abort pdfium, and with it whoever called it; another file can loop
or eat all memory. Each of these costs one file here, with a sentence, and no more.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import ClassVar, Self

from pebble import ProcessPool

from ingest.formats import MAX_BYTES, parse
from ingest.parsed import ParsedDocument, RefusedError

TASK_SECONDS = 60.0
"""Time for one file. A book of a thousand pages takes ten seconds."""
MEMORY_BYTES = 3 * 1024**3
"""Address space of a parsing process, its libraries (about half a gigabyte) included."""
TASKS_PER_PROCESS = 200
"""Files after which a process is replaced, in case that a library leaks."""

Parse = Callable[[bytes, str], ParsedDocument]

_log = logging.getLogger(__name__)


class ParserPool:
    """A few processes that parse files, for use in a ``with`` statement.

    Processes start with the first file. Leaving the block stops them; what is not done by
    then is cancelled. ``submit`` may be called from any thread.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        seconds: float = TASK_SECONDS,
        memory: int = MEMORY_BYTES,
        parse: Parse = parse,
    ) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory = memory
        self._parse = parse
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the processes, also in the middle of a file."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()

    def submit(self, source: Path | bytes, name: str | None = None) -> Future[ParsedDocument]:
        """Parse a file, given as bytes or better as its path, which the other process reads.

        The future's result is the document; its only exceptions are :class:`RefusedError`,
        whatever happened, and ``CancelledError``.
        """
        if name is None:
            name = source.name if isinstance(source, Path) else ""
        outcome: Future[ParsedDocument] = Future()
        try:
            task = self._schedule(source, name)
        except RuntimeError:  # the pool broke, for instance because a process was killed idle
            _log.debug("The parser pool is broken; starting another.", exc_info=True)
            with self._lock:
                self._pool = None
            task = self._schedule(source, name)
        task.add_done_callback(lambda done: self._settle(done, outcome, name))
        outcome.add_done_callback(lambda done: done.cancelled() and task.cancel())
        return outcome

    def _schedule(self, source: Path | bytes, name: str) -> Future[ParsedDocument]:
        with self._lock:
            if self._closed:
                raise RefusedError("Tumen is shutting down; add the file again later.")
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=TASKS_PER_PROCESS,
                    initializer=_start,
                    initargs=(self._memory,),
                    context=_Context(),
                )
            future: Future[ParsedDocument] = self._pool.schedule(
                _work, args=(self._parse, source, name), timeout=self._seconds
            )
        return future

    def _settle(
        self, done: Future[ParsedDocument], outcome: Future[ParsedDocument], name: str
    ) -> None:
        """Hand the outcome of a task on, every failure as a refusal."""
        try:
            result = done.result()
        except CancelledError:
            outcome.cancel()
            return
        except BaseException as error:  # whatever a process may die of
            refusal = self._refusal(error)
            _log.debug("Parsing %s failed: %r", name, error)
            with contextlib.suppress(Exception):  # cancelled in the meantime
                outcome.set_exception(refusal)
            return
        with contextlib.suppress(Exception):
            outcome.set_result(result)

    def _refusal(self, error: BaseException) -> RefusedError:
        # A new object: pebble's carries the traceback of the other process.
        if isinstance(error, RefusedError):
            return RefusedError(str(error))
        if isinstance(error, TimeoutError):
            return RefusedError(
                f"It took longer than {self._seconds:.0f} seconds to read; split it, or save its "
                "text alone."
            )
        if isinstance(error, MemoryError):
            return RefusedError(
                "It needs more memory than a document may; split it, or save its text alone."
            )
        return RefusedError(
            "It makes its reader crash, so it is damaged or made to do harm; save it again, or "
            "save its text alone."
        )


def _work(parse: Parse, source: Path | bytes, name: str) -> ParsedDocument:
    """Parse one file, in a parsing process."""
    return parse(source if isinstance(source, bytes) else _read(source), name)


def _read(path: Path) -> bytes:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a device would never end
            raise RefusedError("It is no regular file.")
        with path.open("rb") as file:
            # One byte more than allowed, so that a file that grows is refused as well.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise RefusedError(f"It can't be read ({error.strerror}).") from None


def _start(memory: int) -> None:
    """Set up a parsing process: limits, and silence for what dies in it."""
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
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        # macOS knows the limit on memory and refuses to set it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, hard))


class _Process(SpawnProcess):
    """A process that does not import its parent's main module.

    Ordinarily it would: the command line with all that it needs, among it libraries of
    seconds and gigabytes. The functions that run here come from this module.
    """

    def start(self) -> None:
        """Start the process."""
        with _without_main_module():
            super().start()


class _Context(SpawnContext):
    Process: ClassVar[type[SpawnProcess]] = _Process  # type: ignore[misc]


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
