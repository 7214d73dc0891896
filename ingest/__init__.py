"""How documents get in: parse each format, split into passages, hand to the store."""
