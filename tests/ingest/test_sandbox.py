"""Whatever a file does to its parser, it costs that file alone, and says so calmly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ingest.formats import MAX_BYTES
from ingest.parsed import Block, ParsedDocument, RefusedError
from ingest.sandbox import ParserPool
from store.model import Metadata

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).parents[2]


def document(text: str) -> ParsedDocument:
    return ParsedDocument(text, (Block(0, len(text), "paragraph"),), Metadata(title="A title"))


class Trap:
    """Something that can't be sent."""

    def __init__(self, *, deadly: bool = False) -> None:
        self.deadly = deadly

    def __reduce__(self) -> str:
        while not self.deadly:
            pass
        os.abort()


DEEDS = {
    "abort": os.abort,
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "stop": lambda: os.kill(os.getpid(), signal.SIGSTOP),
    "leave": lambda: os._exit(3),
    "hoard": lambda: bytearray(8 * 1024**3),
    "wait": lambda: time.sleep(1),
}


def misbehave(data: bytes, name: str) -> ParsedDocument:
    """A parser that does what it is told."""
    deed = data[:20].decode()
    if deed in DEEDS:
        DEEDS[deed]()
    match deed:
        case "loop":
            while True:
                pass
        case "raise":
            raise KeyError(name)
        case "recurse":
            return misbehave(data, name)
        case "refuse":
            raise RefusedError("It is a poem.")
        case "answer for ever":
            return replace(document(""), warnings=(Trap(),))
        case "die answering":
            return replace(document("Tide." * 100_000), warnings=(Trap(deadly=True),))
    return document(str(os.getpid()))


def modules(_data: bytes, _name: str) -> ParsedDocument:
    """A parser that tells what is imported in its process."""
    return document(" ".join(sys.modules))


def limits(_data: bytes, _name: str) -> ParsedDocument:
    """A parser that tells the limits of its process."""
    import resource

    return document(f"{resource.getrlimit(resource.RLIMIT_CORE)[0]}")


def test_real_files_are_parsed_in_another_process():
    with ParserPool() as pool:
        futures = [pool.submit(FILES / name) for name in ("briefing.pdf", "page.html")]
        assert [future.result().metadata.author for future in futures] == ["Mina Park"] * 2
        assert pool.submit(b"# Tides\n\nLow.", "tides.md").result().text == "Tides\n\nLow."


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        ("abort", "makes its reader crash"),
        ("segfault", "makes its reader crash"),
        ("leave", "makes its reader crash"),
        ("raise", "makes its reader crash"),
        ("recurse", "makes its reader crash"),
        ("hoard", "more memory"),
        ("loop", "longer than 1 seconds"),
        ("refuse", "It is a poem."),
    ],
)
def test_a_misbehaving_file_is_refused_and_the_others_go_on(deed, says, capfd):
    with ParserPool(2, seconds=1, parse=misbehave) as pool:
        bad = pool.submit(deed.encode(), "bad.pdf")
        good = [pool.submit(b"", "good.pdf") for _ in range(4)]
        with pytest.raises(RefusedError, match=says) as refusal:
            bad.result(30)
        assert all(future.result(30).text.isdecimal() for future in good)
    assert refusal.value.__cause__ is None  # no traceback of another process hangs on it
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err


def test_many_crashes_in_a_row_leave_the_pool_working():
    with ParserPool(2, parse=misbehave) as pool:
        futures = [pool.submit(b"abort" if i % 2 else b"", str(i)) for i in range(12)]
        errors = [future.exception(60) for future in futures]
    assert [error is None for error in errors] == [True, False] * 6
    assert {type(error) for error in errors} == {type(None), RefusedError}


def test_a_process_killed_while_it_waits_is_replaced():
    with ParserPool(1, parse=misbehave) as pool:
        first = int(pool.submit(b"").result(30).text)
        os.kill(first, signal.SIGKILL)
        time.sleep(0.5)
        assert int(pool.submit(b"").result(30).text) != first


def test_files_that_wait_for_a_killed_process_are_parsed_in_the_next():
    with ParserPool(1, parse=misbehave) as pool:
        first = int(pool.submit(b"").result(30).text)
        os.kill(first, signal.SIGKILL)
        futures = [pool.submit(b" " * 1_000_000) for _ in range(5)]
        assert {int(future.result(30).text) for future in futures}.isdisjoint({first})


def test_a_file_that_no_process_has_room_for_is_refused_while_others_are_read():
    with ParserPool(2, memory=180 * 1024**2, parse=misbehave) as pool:
        other = pool.submit(b"wait")
        huge = pool.submit(bytes(100 * 1024**2))
        with pytest.raises(RefusedError, match=r"later|more memory"):
            huge.result(30)
        assert other.result(30)
        assert pool.submit(b"").result(30)


@pytest.mark.parametrize("deed", ["answer for ever", "die answering", "stop"])
def test_a_process_that_never_finishes_its_answer_costs_one_file(deed):
    with ParserPool(2, seconds=1, parse=misbehave) as pool:
        bad = pool.submit(deed.encode())
        good = [pool.submit(b"") for _ in range(4)]
        with pytest.raises(RefusedError):
            bad.result(30)
        assert all(future.result(30) for future in good)


def test_a_process_is_replaced_after_its_share_of_files(monkeypatch):
    monkeypatch.setattr("ingest.sandbox.TASKS_PER_PROCESS", 2)
    with ParserPool(1, parse=misbehave) as pool:
        seen = [pool.submit(b"").result(30).text for _ in range(4)]
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_where_no_process_can_start_files_are_refused_and_later_ones_read(monkeypatch):
    def fail(_process: object) -> None:
        raise OSError("Resource temporarily unavailable")

    with ParserPool(1, parse=misbehave) as pool:
        with monkeypatch.context() as patch:
            patch.setattr("ingest.sandbox._Process.start", fail)
            with pytest.raises(RefusedError, match="later"):
                pool.submit(b"").result(30)
        assert pool.submit(b"").result(30)


def test_giving_up_one_file_does_not_touch_the_next():
    with ParserPool(1, parse=misbehave) as pool:
        for _ in range(20):
            given_up = pool.submit(b"")
            after = pool.submit(b"")
            given_up.cancel()
            assert after.result(30)


def test_leaving_the_block_cancels_what_is_not_done():
    with ParserPool(1, parse=misbehave) as pool:
        futures = [pool.submit(b"loop"), pool.submit(b"")]
        time.sleep(0.5)
        started = time.monotonic()
    assert time.monotonic() - started < 10
    for future in futures:
        with pytest.raises(CancelledError):
            future.result(1)
    with pytest.raises(RefusedError, match="later"):
        pool.submit(b"").result(1)


def test_a_cancelled_file_stops_its_process():
    with ParserPool(1, parse=misbehave) as pool:
        future = pool.submit(b"loop")
        time.sleep(0.5)
        assert future.cancel()
        assert pool.submit(b"").result(30)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nowhere.txt", r"can't be read \(No such file"),
        (".", "no regular file"),
        ("/dev/zero", "no regular file"),
    ],
)
def test_a_path_that_is_no_file_is_refused(path, says, tmp_path):
    with ParserPool(1) as pool, pytest.raises(RefusedError, match=says):
        pool.submit(tmp_path / path).result(30)


def test_a_big_file_is_refused_without_being_read_whole(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(40 * MAX_BYTES)
    with ParserPool(1) as pool, pytest.raises(RefusedError, match=r"2,000 MB; the limit is 50 MB"):
        pool.submit(path).result(30)


def test_a_parsing_process_imports_no_more_than_it_needs():
    with ParserPool(1, parse=modules) as pool:
        imported = set(pool.submit(b"").result(30).text.split())
    # pytest comes with this very module, which the process imports for its function.
    assert not imported & {"torch", "chromadb", "numpy", "sqlalchemy", "trafilatura", "docx", "bot"}


def test_a_parsing_process_does_not_import_its_parents_main_module(tmp_path):
    script = tmp_path / "main.py"
    script.write_text(
        "import sys\n"
        "from ingest.sandbox import ParserPool\n"
        "print('imported', __name__, flush=True)\n"
        "with ParserPool() as pool:\n"  # without the usual guard: it would start for ever
        "    print(pool.submit(b'Low tide.', 'a.txt').result(30).text)\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "imported __main__\nLow tide.\n"
    assert done.stderr == ""


def test_crashes_leave_no_core_files():
    with ParserPool(1, parse=limits) as pool:
        assert pool.submit(b"").result(30).text == "0"


def test_damaged_pdfs_are_read_or_refused():
    data = (FILES / "briefing.pdf").read_bytes()
    with ParserPool(2, seconds=20) as pool:
        futures = []
        for step in range(1, 40):
            damaged = bytearray(data)
            for place in range(step * 97 % 700, len(damaged), 40 * step + 160):
                damaged[place] = (damaged[place] * 31 + step) % 256
            futures.append(pool.submit(bytes(damaged), "damaged.pdf"))
        errors = [future.exception(60) for future in futures]
    assert {type(error) for error in errors} <= {type(None), RefusedError}


ORPHAN = """
import sys
from ingest.sandbox import ParserPool
from tests.ingest.test_sandbox import misbehave
pool = ParserPool(1, seconds=1, parse=misbehave)
print(pool.submit(b"").result(30).text, flush=True)
pool.submit(b"loop")
sys.stdin.read()
"""


def test_a_process_whose_parent_was_killed_does_not_compute_for_ever():
    with subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as parent:
        parser = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()
    deadline = time.monotonic() + 60
    while is_running(parser) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_running(parser)


def is_running(process: int) -> bool:
    return psutil.pid_exists(process) and psutil.Process(process).status() != "zombie"
