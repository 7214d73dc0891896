"""Keeping a server's library and its settings: who may, and how it is done."""
