"""Parsing in other processes: what a hostile or broken file can do ends with that process.

A PDF of four kilobytes can abort pdfium, and with it whoever called it; another file can loop
or eat all memory. Each of these costs one file here, with a sentence, and no more.

Each process has its own pipe and a thread here that waits for nothing but that pipe, and a timer
that kills the process. Nothing is shared between processes: a lock that one of them held when it
died would stop the others for ever, and so would a file that no process had taken yet.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

from ingest.formats import parse
from ingest.parsed import ParsedDocument, RefusedError
from ingest.parser_process import CRASHED, Parse, serve

TASK_SECONDS = 60.0
"""Time for one file; a PDF of a hundred pages takes half a second."""
START_SECONDS = 60.0
"""Time for a process to start and take a file; on an idle machine half a second."""
MEMORY_BYTES = 3 * 1024**3
"""Address space of a parsing process; an ordinary file needs 60 MB of it."""
TASKS_PER_PROCESS = 200
"""Files after which a process is replaced, in case that a library leaks."""
ATTEMPTS = 3
"""Processes that may end before they took a file until it is refused."""

_LATER = "It can't be read now; add it again later."

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
        self._seconds = seconds
        self._memory = memory
        self._parse = parse
        # The last used comes first: where one process will do, no second is started.
        self._idle: queue.LifoQueue[_Parser | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._threads = ThreadPoolExecutor(workers, "parser")
        self._open: dict[Future[ParsedDocument], _Parser | None] = {}
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
            self._threads.shutdown(wait=False)
            unfinished = list(self._open)
        for future in unfinished:
            future.cancel()
        self._threads.shutdown()
        while not self._idle.empty():
            if parser := self._idle.get():
                parser.stop()

    def submit(self, source: Path | bytes, name: str | None = None) -> Future[ParsedDocument]:
        """Parse a file, given as bytes or better as its path, which the other process reads.

        The future's result is the document; its only exceptions are :class:`RefusedError`,
        whatever happened, and ``CancelledError``.
        """
        if name is None:
            name = source.name if isinstance(source, Path) else ""
        future: Future[ParsedDocument] = Future()
        try:
            with self._lock:
                self._threads.submit(self._settle, future, source, name)
                self._open[future] = None
        except RuntimeError:  # closed, or no thread can start
            future.set_exception(RefusedError(_LATER))
        future.add_done_callback(self._end)
        return future

    def _settle(self, future: Future[ParsedDocument], source: Path | bytes, name: str) -> None:
        """Parse a file; again in another process where one ends before it has taken the file."""
        parser = self._idle.get()
        reply: ParsedDocument | RefusedError = RefusedError(_LATER)
        try:
            for _ in range(ATTEMPTS):
                if parser is None or not parser.can_take_one():
                    if parser:
                        parser.stop()
                    parser = None
                    parser = _Parser(self._parse, self._memory)
                if not self._begin(future, parser):
                    break
                if parser.take(source, name, self._seconds):
                    reply = parser.reply(self._seconds)
                    break
        except Exception:  # no process can start, say; nobody must wait for this file for ever
            _log.exception("A file could not be parsed")
            if parser:
                parser.stop()
        with contextlib.suppress(InvalidStateError):  # cancelled in the meantime
            if isinstance(reply, RefusedError):
                future.set_exception(reply)
            else:
                future.set_result(reply)
        self._end(future)
        self._idle.put(parser)

    def _begin(self, future: Future[ParsedDocument], parser: _Parser) -> bool:
        """Note who has the file, unless nobody wants it any more."""
        with self._lock:
            if future not in self._open or future.cancelled():
                return False
            self._open[future] = parser
            return True

    def _end(self, future: Future[ParsedDocument]) -> None:
        """Forget a file; if it was given up, so is its process, while that is at this file."""
        with self._lock:
            parser = self._open.pop(future, None)
            if parser and future.cancelled():
                parser.kill()


class _Parser:
    """A parsing process. One thread uses it at a time; any may ``kill`` it."""

    def __init__(self, parse: Parse, memory: int) -> None:
        """Start the process; raises ``OSError``."""
        self._connection, theirs = Pipe()
        self._files_left = TASKS_PER_PROCESS
        with theirs:  # once only the process has it, its end is heard of here
            self._process = _Process(target=serve, args=(theirs, parse, memory), daemon=True)
            self._process.start()

    def can_take_one(self) -> bool:
        """Whether the process is alive and has not had its share of files."""
        return self._files_left > 0 and self._process.is_alive()

    def take(self, source: Path | bytes, name: str, seconds: float) -> bool:
        """Hand a file over; ``False`` if the process ended before it had it."""
        self._files_left -= 1
        try:
            with self._killed_after(START_SECONDS):
                self._connection.send((source, name, seconds))
                self._connection.recv()
        except (EOFError, OSError) as error:
            _log.debug("A parsing process ended before it took a file: %r", error)
            self.stop()
            return False
        return True

    def reply(self, seconds: float) -> ParsedDocument | RefusedError:
        """What becomes of the file within so many seconds."""
        reply = None
        with self._killed_after(seconds) as late:
            try:
                reply = self._connection.recv()
            except Exception as error:  # it ended, or what it sent is damaged
                _log.debug("A parsing process failed: %r", error)
        if isinstance(reply, ParsedDocument | RefusedError):
            return reply
        self.stop()
        if late.is_set():
            return RefusedError(
                f"It took longer than {seconds:.0f} seconds to read; split it, or save its "
                "text alone."
            )
        return RefusedError(CRASHED)

    def kill(self) -> None:
        """End the process, whatever it does; whoever waits for it hears of it."""
        self._process.kill()

    def stop(self) -> None:
        """End the process and let go of it."""
        self._process.kill()
        self._process.join()
        self._connection.close()

    @contextlib.contextmanager
    def _killed_after(self, seconds: float) -> Iterator[threading.Event]:
        """Kill the process if it takes longer; the event tells whether that was so."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()


class _Process(SpawnProcess):
    """A process that does not import its parent's main module.

    Ordinarily it would: the command line with all that it needs, among it libraries of
    seconds and gigabytes. The functions that run here come from modules of their own.
    """

    def start(self) -> None:
        """Start the process."""
        with _without_main_module():
            super().start()


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
