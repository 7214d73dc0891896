"""The one way in: a document of any provenance, looked at first and stored when a person agrees.

:func:`draft` reads a document and says what it is, what it is like and what to think of;
:func:`amend` takes a person's corrections; :func:`accept` stores it, whole or not at all;
:func:`undo` takes that back. A draft is plain data, so that it can wait in a database for
as long as somebody thinks (:func:`dump_draft`, :func:`load_draft`).
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from ingest.cautions import Caution, cautions
from ingest.details import Detail, read_details
from ingest.formats.decoding import decode
from ingest.sandbox import ParserPool
from ingest.versions import embed_versions, read_version
from store.embedding import PassageEmbedding
from store.indexes import Progress
from store.model import Metadata, Twin, Version
from store.record import VersionKey, document_id, embedding_key
from store.store import Store, readable_scopes

_BINARY = (b"%PDF-", b"PK\x03\x04")

Outcome = Literal["added", "updated", "known"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document as it came, of any provenance.

    ``name`` is a file name, whose suffix helps to tell the format. ``origin`` says where the
    document came from (an address, a path, or whatever else the surface can name it by again)
    and identifies it within its scope: the same origin again is a new version. ``url`` is the
    address at which a reader can open it, if there is one; the document itself can only name
    another of the same site. ``charset`` is the encoding that the server named, if any; it
    counts for text only, and not against a byte order mark or UTF-8.
    """

    data: bytes
    name: str
    origin: str
    url: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was read and not yet stored: all that a person needs to decide.

    ``twins`` are documents that the scope may see and that this one is like, the likest
    first; ``cautions`` what to think of before it goes in. ``standing`` are the details of the
    document that were corrected when it came before, ``warnings`` what its parser had to say.
    """

    version: Version
    standing: Mapping[Detail, str | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()
    cautions: tuple[Caution, ...] = ()

    @property
    def metadata(self) -> Metadata:
        """The details that will hold: the document's own, as corrected before and now."""
        stated = self.version.metadata.with_details(self.standing)
        return stated.with_details(self.version.corrected)

    @property
    def id(self) -> str:
        """The same bytes from the same origin into the same scope have the same id."""
        version = self.version
        key = f"{version.scope}\0{version.origin}\0{version.bytes_sha256}"
        return hashlib.sha256(key.encode()).hexdigest()[:12]

    @property
    def known(self) -> Twin | None:
        """The document that makes this one needless: accepting it would store nothing."""
        return next((twin for twin in self.twins if _is_same(twin, self.metadata)), None)

    @property
    def updates(self) -> Twin | None:
        """The document of which this would become a new version."""
        return None if self.known else next((twin for twin in self.twins if twin.updated), None)

    @property
    def passages(self) -> int:
        """The number of passages."""
        return len(self.version.passages)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a draft.

    ``added`` as a new document, ``updated`` as a new version of one in place of version
    ``replaced``, or ``known`` already: then nothing was stored, and the document and version
    are those that were there. ``passages`` counts what was stored.
    """

    outcome: Outcome
    scope: str
    document_id: str
    version: int
    passages: int
    replaced: int | None = None


def draft(
    incoming: Incoming,
    store: Store,
    pool: ParserPool,
    *,
    scope: str,
    added_by: str | None,
) -> Draft:
    """Read a document in the sandbox; stores nothing. Takes seconds, so call it in a thread.

    ``added_by`` is the Discord id of who brings it, as text, or ``None`` for the operator.
    Raises :class:`RefusedError` with a sentence for that person, and nothing else.
    """
    parsed = pool.submit(in_utf8(incoming), incoming.name).result()
    version = read_version(
        parsed,
        store.embedder,
        store.publishers,
        scope=scope,
        origin=incoming.origin,
        bytes_sha256=hashlib.sha256(incoming.data).hexdigest(),
        added_by=added_by,
        url=incoming.url,
    )
    return _looked_at(Draft(version, warnings=parsed.warnings), store)


def draft_unseen(version: Version, warnings: tuple[str, ...], store: Store) -> Draft:
    """A draft of one document of many, which no person looks at: without twins."""
    identifier = document_id(version.scope, version.origin)
    standing = store.record.corrections.standing(identifier)
    return _with_cautions(Draft(version, standing, warnings), store)


def amend(drafted: Draft, corrections: Mapping[Detail, str | None], store: Store) -> Draft:
    """The draft with details corrected, as a person typed them; ``None`` or "" clears one.

    They are kept as corrections by whoever adds the document, so that they hold when it comes
    again. Raises :class:`RefusedError` with a sentence about the first that can't be.
    """
    read = store.publishers.with_kind(read_details(corrections))
    corrected = {**drafted.version.corrected, **read}
    version = replace(drafted.version, corrected=corrected)
    return _looked_at(replace(drafted, version=version), store)


def accept(drafted: Draft, store: Store, progress: Progress | None = None) -> Accepted:
    """Embed and store a draft, whole or not at all, and once however often it is accepted.

    Takes seconds to minutes, so call it in a thread. Raises :class:`store.errors.StoreError`
    if the store can't be written; then nothing has changed and it can be accepted again.
    """
    return accept_all([drafted], store, progress)[0]


def accept_all(
    drafts: Sequence[Draft],
    store: Store,
    progress: Progress | None = None,
    ready: Mapping[str, PassageEmbedding] | None = None,
) -> list[Accepted]:
    """Accept several drafts, all or none; see :func:`accept`.

    ``ready`` are vectors that were made elsewhere, by embedding key; they need not be all.
    """
    versions = [drafted.version for drafted in drafts]
    vectors = dict(ready or {})
    keys = {embedding_key(version.text, span) for version in versions for span in version.passages}
    known = store.record.embedded(keys - vectors.keys(), store.embedder.fingerprint)
    vectors |= embed_versions(versions, store.embedder, known | vectors.keys(), progress)
    with store.writing():  # from looking what is there until this is, too
        now = [_compared(drafted, store) for drafted in drafts]
        fresh: dict[tuple[str, str], Draft] = {}
        for drafted in now:
            if drafted.known is None:
                fresh.setdefault(_words(drafted), drafted)
        new = [drafted.version for drafted in fresh.values()]
        stored = dict(zip(fresh, store.add(new, vectors) if new else [], strict=True))
    return [
        _as_stored(drafted, stored[_words(drafted)])
        if fresh.get(_words(drafted)) is drafted
        else _as_known(drafted, stored)
        for drafted in now
    ]


def undo(accepted: Accepted, store: Store) -> None:
    """Take back what was accepted: the document goes, or its former version comes back.

    Raises :class:`store.errors.UnknownDocumentError` where it is not there any more.
    """
    with store.writing():
        if accepted.outcome == "known":
            return
        if accepted.replaced is None:
            store.remove(accepted.document_id, accepted.scope)
        else:
            store.go_back(accepted.document_id, accepted.replaced, accepted.scope)


def dump_draft(drafted: Draft) -> bytes:
    """A draft as JSON."""
    return _adapter().dump_json(drafted)


def load_draft(data: bytes) -> Draft:
    """A draft from :func:`dump_draft`."""
    return _adapter().validate_json(data)


@cache
def _adapter() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)


def _looked_at(drafted: Draft, store: Store) -> Draft:
    """The draft as a person is shown it: beside what is like it, and with its cautions."""
    compared = _with_cautions(_compared(drafted, store), store)
    alike = {twin.document_id for twin in compared.twins}
    as_stored = replace(compared.version, metadata=compared.metadata)
    named_alike = [
        twin
        for twin in store.record.catalogue.namesakes(as_stored, readable_scopes(as_stored.scope))
        if twin.document_id not in alike
    ]
    return replace(compared, twins=(*compared.twins, *named_alike))


def _with_cautions(drafted: Draft, store: Store) -> Draft:
    found = cautions(
        drafted.version, drafted.metadata, store.embedder, store.publishers, drafted.warnings
    )
    return replace(drafted, cautions=found)


def _compared(drafted: Draft, store: Store) -> Draft:
    """The draft beside what the store has now."""
    version = drafted.version
    identifier = document_id(version.scope, version.origin)
    current = replace(drafted, standing=store.record.corrections.standing(identifier))
    as_stored = replace(version, metadata=current.metadata)
    twins = store.record.catalogue.twins(as_stored, readable_scopes(version.scope))
    return replace(current, twins=tuple(twins))


def _is_same(twin: Twin, metadata: Metadata) -> bool:
    """Whether a document with these details would only say again what ``twin`` says.

    The same text from the same origin may come with other details, which are news.
    """
    if twin.likeness == "bytes":
        return True
    return twin.likeness == "text" and (not twin.updated or twin.metadata == metadata)


def _words(drafted: Draft) -> tuple[str, str]:
    return drafted.version.scope, drafted.version.text


def _as_stored(drafted: Draft, key: VersionKey) -> Accepted:
    replaced = drafted.updates.version if drafted.updates else None
    outcome: Outcome = "added" if replaced is None else "updated"
    return Accepted(outcome, drafted.version.scope, *key, drafted.passages, replaced)


def _as_known(drafted: Draft, stored: Mapping[tuple[str, str], VersionKey]) -> Accepted:
    """A draft that the store knew, or of which the same batch had a double."""
    twin = drafted.known
    there = (twin.document_id, twin.version) if twin else stored[_words(drafted)]
    return Accepted("known", drafted.version.scope, *there, passages=0)


def in_utf8(incoming: Incoming) -> bytes:
    """The bytes, recoded where the server named an encoding: that outranks what a page names."""
    if not incoming.charset or incoming.data.startswith(_BINARY):
        return incoming.data
    text = decode(incoming.data, incoming.charset)
    return codecs.BOM_UTF8 + text.encode()
