"""What hostile and broken links do: `python -m tests.quality.hostile_links` prints it by class.

The same cases are tests in tests/ingest/fetching/test_hostile_links.py. Each is a link, the
small web that it leads into, and either words of the refusal or words of the text that is
taken. `{port}` is the web's port, on 127.0.0.1; whatever reaches 127.0.0.2 is counted there.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from dataclasses import dataclass

from ingest.fetching import Limits, fetch
from ingest.formats import parse
from ingest.intake import in_utf8
from ingest.links import incoming_of
from ingest.parsed import RefusedError
from tests.ingest.fetching import hostile_addresses, hostile_answers, hostile_pages
from tests.ingest.fetching.cases import SIZE, Case
from tests.ingest.fetching.web import Web, running_web

CASES: list[Case] = [
    *hostile_addresses.CASES,
    *hostile_answers.CASES,
    *hostile_pages.CASES,
]


@dataclass(frozen=True)
class Outcome:
    """What did come of it."""

    case: Case
    said: str
    refused: bool
    seconds: float
    private_contacts: int

    @property
    def right(self) -> bool:
        """Whether it is what the case wants, and the private machine was left in peace."""
        wanted = self.case.refused if self.refused else self.case.taken
        return (
            bool(wanted and re.search(wanted, self.said))
            and self.private_contacts == 0
            and self.seconds < self.case.seconds + 2
        )


async def throw(case: Case, web: Web) -> Outcome:
    """Follow a case's link and read what it leads to, as far as that goes."""
    ports = {"{port}": str(web.port), "{tls_port}": str(web.tls_port)}

    def fill(text: str) -> str:
        for mark, port in ports.items():
            text = text.replace(mark, port)
        return text

    web.pages = {
        page: fill(reply.decode("latin-1")).encode("latin-1")
        if isinstance(reply, bytes) and reply[9:10] == b"3"
        else reply
        for page, reply in case.pages.items()
    }
    web.names.answers = {name: [*answers] for name, answers in case.names.items()}
    before, began = web.private_contacts, time.monotonic()
    try:
        found = await fetch(
            fill(case.link), limits=Limits(seconds=case.seconds, size=SIZE), guard=web.guard
        )
        data = in_utf8(incoming_of(found))
        said, refused = parse(data, found.name).text, False
    except RefusedError as refusal:
        said, refused = str(refusal), True
    seconds = time.monotonic() - began
    return Outcome(case, said, refused, seconds, web.private_contacts - before)


async def _throw_all() -> list[Outcome]:
    async with running_web() as web:
        return [await throw(case, web) for case in CASES]


def main() -> None:
    """Print the table; exit with 1 if anything came out wrong."""
    outcomes = asyncio.run(_throw_all())
    print(f"{'class':<38}{'thrown':>7}{'refused':>9}{'taken':>7}{'wrong':>7}{'longest':>10}")
    groups = list(dict.fromkeys(case.group for case in CASES))
    for group in [*groups, "all"]:
        some = [o for o in outcomes if group in (o.case.group, "all")]
        refused, wrong = sum(o.refused for o in some), sum(not o.right for o in some)
        longest = max(o.seconds for o in some)
        print(
            f"{group:<38}{len(some):>7}{refused:>9}{len(some) - refused:>7}{wrong:>7}"
            f"{longest:>8.2f} s"
        )
    contacts = sum(outcome.private_contacts for outcome in outcomes)
    print(f"connections that reached the private machine: {contacts}")
    for outcome in outcomes:
        if not outcome.right:
            print(f"WRONG {outcome.case.group}: {outcome.case.what}: {outcome.said[:300]}")
    sys.exit(any(not outcome.right for outcome in outcomes))


if __name__ == "__main__":
    main()
