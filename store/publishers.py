"""Publishers and the kind of source that each is (``publishers.toml``, and the operator's own)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from store.aliases import entities
from store.analysis import fold
from store.errors import StoreError
from store.model import KINDS, Detail, Metadata

TABLE = Path(__file__).parent / "publishers.toml"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: the name to show, the kind of source, its domains, and all its names."""

    name: str
    kind: str
    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class PublisherTable:
    """Finds publishers by the address of a page and by name. Later rows replace earlier ones."""

    def __init__(self, publishers: Iterable[Publisher]) -> None:
        self._rows = {publisher.name: publisher for publisher in publishers}
        elsewhere = {entity.name: entity.names for entity in entities()}
        self._by_name: dict[str, Publisher] = {}
        self._by_domain: dict[str, Publisher] = {}
        for row in self._rows.values():
            for name in (*row.names, *elsewhere.get(row.name, ())):
                self._by_name[_letters(name)] = row
            for domain in row.domains:
                self._by_domain[domain] = row
        # A row's own name outranks the same word as another's alias.
        self._by_name.update({_letters(row.name): row for row in self._rows.values()})

    def __len__(self) -> int:
        return len(self._rows)

    def of_address(self, url: str | None) -> Publisher | None:
        """The publisher on whose domain, or a subdomain of it, an address lies.

        ``https://tass.com.evil.example`` and ``https://tass.com@evil.example`` are not TASS's.
        """
        labels = host_of(url).split(".")
        parents = (".".join(labels[place:]) for place in range(len(labels) - 1))
        return next((self._by_domain[name] for name in parents if name in self._by_domain), None)

    def named(self, name: str | None) -> Publisher | None:
        """The publisher with that name, or one of its names, but for case and punctuation."""
        return self._by_name.get(_letters(name)) if name else None

    def complete(self, stated: Metadata) -> Metadata:
        """Metadata with publisher and kind as the address and the name tell them.

        The address names the publisher where none is stated, or one that is not in the table;
        a kind that is stated stays.
        """
        by_address = self.of_address(stated.url)
        by_name = self.named(stated.publisher)
        publisher = stated.publisher
        if by_address and not by_name:
            publisher = by_address.name
        known = by_name or by_address
        return stated.with_details(
            {"publisher": publisher, "kind": stated.kind or (known.kind if known else None)}
        )

    def with_kind(self, details: Mapping[Detail, str | None]) -> dict[Detail, str | None]:
        """Corrected details with the kind of a publisher in the table, where they name none."""
        known = self.named(details.get("publisher"))
        kind: dict[Detail, str | None] = {"kind": known.kind} if known else {}
        return {**kind, **details}


def host_of(url: str | None) -> str:
    """The host of an address in lower case and ASCII, without a final dot; "" for none."""
    try:
        host = (urlsplit(url or "").hostname or "").rstrip(".").lower()
        return host.encode("idna").decode() if host else ""
    except (ValueError, UnicodeError):
        return ""


@cache
def default_publishers() -> PublisherTable:
    """The table that comes with Tumen."""
    return PublisherTable(_read(TABLE))


def load_publishers(own: Path | None) -> PublisherTable:
    """The table that comes with Tumen, with the operator's own lines where a file is given.

    Raises :class:`StoreError` with what is wrong with that file.
    """
    return default_publishers() if own is None else PublisherTable([*_read(TABLE), *_read(own)])


def _read(path: Path) -> list[Publisher]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StoreError(f"The table of publishers {path} can't be read: {error}.") from error
    rows = []
    for kind, table in tables.items():
        if kind not in KINDS or not isinstance(table, dict):
            raise StoreError(
                f"The table of publishers {path} has a part [{kind}]; there are only: "
                f"{', '.join(KINDS)}."
            )
        rows += [_row(path, kind, name, line) for name, line in table.items()]
    return rows


def _row(path: Path, kind: str, name: str, line: Any) -> Publisher:  # noqa: ANN401 - any TOML
    lists = [line.get(key, []) for key in ("domains", "names")] if isinstance(line, dict) else []
    if (
        len(lists) != 2
        or set(line) - {"domains", "names"}
        or not all(
            isinstance(some, list) and all(isinstance(x, str) for x in some) for some in lists
        )
    ):
        raise StoreError(
            f"The table of publishers {path}: {name} should look like "
            f'{name} = {{ domains = ["example.org"], names = ["Other name"] }}.'
        )
    domains, names = lists
    return Publisher(name, kind, tuple(host_of(f"//{domain}") for domain in domains), tuple(names))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, fold(name)))
