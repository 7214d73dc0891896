"""XML in zipped formats, read so that it can neither fetch nor unfold nor nest without end."""

from __future__ import annotations

from lxml import etree

from ingest.parsed import RefusedError

ENTITIES = "It declares XML entities, which no such file needs; save it again, and add that."


def parse_xml(data: bytes, damaged: str) -> etree._Element:
    """The root of an XML part.

    Raises :class:`RefusedError` if it declares entities and, with the sentence ``damaged``, if it
    is malformed. Without ``huge_tree`` it is never deeper than 256 elements.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: etree._Element = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        raise RefusedError(damaged) from None
    refuse_entities(root)
    return root


def refuse_entities(root: etree._Element) -> None:
    """Raise :class:`RefusedError` if the document of an element has a DTD of its own."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusedError(ENTITIES)
