"""The Discord face: where people ask, and where answers are shown. No thinking here."""
