"""Parsing in other processes: what a hostile or broken file can do ends with that process.

A PDF of four kilobytes can abort pdfium, and with it whoever called it; another file can loop
or eat all memory. Each of these costs one file here, with a sentence, and no more.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import ClassVar, Self

from pebble import ProcessPool

from ingest.formats import MAX_BYTES, check_size, parse
from ingest.parsed import ParsedDocument, RefusedError

TASK_SECONDS = 60.0
"""Time for one file; a PDF of a hundred pages takes half a second."""
MEMORY_BYTES = 3 * 1024**3
"""Address space of a parsing process; an ordinary file needs 60 MB of it."""
CPU_GRACE = 2
"""Seconds of computing beyond the time for one file."""
TASKS_PER_PROCESS = 200
"""Files after which a process is replaced, in case that a library leaks."""

Parse = Callable[[bytes, str], ParsedDocument]

_CRASHED = (
    "It makes its reader crash, so it is damaged or made to do harm; save it again, or save its "
    "text alone."
)

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
        self._open: set[Future[ParsedDocument]] = set()
        self._closed = False
        self._lock = threading.Lock()

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
            unfinished = list(self._open)
        for future in unfinished:  # pebble would leave whoever waits for them waiting
            future.cancel()
        if pool is not None:
            _stop(pool)

    def submit(self, source: Path | bytes, name: str | None = None) -> Future[ParsedDocument]:
        """Parse a file, given as bytes or better as its path, which the other process reads.

        The future's result is the document; its only exceptions are :class:`RefusedError`,
        whatever happened, and ``CancelledError``.
        """
        if name is None:
            name = source.name if isinstance(source, Path) else ""
        future: Future[ParsedDocument] = Future()
        with self._lock:
            self._open.add(future)
        future.add_done_callback(self._open.discard)
        self._try(future, source, name, attempts=3)
        return future

    def _try(
        self, future: Future[ParsedDocument], source: Path | bytes, name: str, *, attempts: int
    ) -> None:
        """Schedule a file; where the whole pool breaks, again in a new one.

        pebble gives its pool up when a process dies that has no task in its books: one that
        was killed idle, or that crashed before its parent had read that it took the task.
        """

        def settle(task: Future[ParsedDocument]) -> None:
            try:
                result = task.result()
            except CancelledError:
                future.cancel()
            except BrokenProcessPool as error:
                _log.debug("The parser pool broke (%s); starting another.", error)
                self._drop(pool)
                if attempts > 1:
                    self._try(future, source, name, attempts=attempts - 1)
                else:
                    _fail(future, RefusedError(_CRASHED))
            except BaseException as error:  # whatever a process may die of
                _log.debug("Parsing %s failed: %r", name, error)
                _fail(future, self._refusal(error))
            else:
                with contextlib.suppress(InvalidStateError):  # cancelled in the meantime
                    future.set_result(result)

        try:
            pool = self._running()
            args = (self._parse, source, name, self._seconds)
            task = pool.schedule(_work, args=args, timeout=self._seconds)
        except (RuntimeError, OSError) as error:  # closed meanwhile, or no process can start
            _log.debug("The parser pool can't be used: %r", error)
            _fail(future, RefusedError("It can't be read now; add it again later."))
            return
        future.add_done_callback(lambda done: done.cancelled() and task.cancel())  # type: ignore[no-untyped-call]
        task.add_done_callback(settle)

    def _running(self) -> ProcessPool:
        with self._lock:
            if self._closed:
                raise RuntimeError("closed")
            if self._pool is not None and not self._pool.active:
                threading.Thread(target=_stop, args=(self._pool,), daemon=True).start()
                self._pool = None
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=TASKS_PER_PROCESS,
                    initializer=_start,
                    initargs=(self._memory,),
                    context=_Context(),
                )
            return self._pool

    def _drop(self, pool: ProcessPool) -> None:
        """Forget a broken pool. Called by its own threads, so another one stops it."""
        with self._lock:
            if self._pool is not pool:
                return
            self._pool = None
        threading.Thread(target=_stop, args=(pool,), daemon=True).start()

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
        return RefusedError(_CRASHED)


def _fail(future: Future[ParsedDocument], refusal: RefusedError) -> None:
    with contextlib.suppress(InvalidStateError):  # cancelled in the meantime
        future.set_exception(refusal)


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(RuntimeError, OSError):
        pool.join()


def _work(parse: Parse, source: Path | bytes, name: str, seconds: float) -> ParsedDocument:
    """Parse one file, in a parsing process."""
    _limit_cpu(seconds)
    return parse(source if isinstance(source, bytes) else _read(source), name)


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
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS knows the limit on memory and refuses to set it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (allowed, hard))


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
    Process: ClassVar[type[SpawnProcess]] = _Process


_main_module = threading.Lock()


@contextlib.contextmanager
def _without_main_module() -> Iterator[None]:
    with _main_module:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
