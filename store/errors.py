"""What can go wrong with the store, each with a sentence that a person can act on."""

from __future__ import annotations


class StoreError(Exception):
    """The store can't do what was asked; the message says why and what to do."""


class StoreBusyError(StoreError):
    """Another process has the store open."""


class ModelError(StoreError):
    """The embedding model can't be loaded or is not the one it claims to be."""


class UnknownDocumentError(StoreError):
    """No such document in the scope."""
