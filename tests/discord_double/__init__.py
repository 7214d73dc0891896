"""A double of Discord on the wire, and the end-to-end suite of the bot as its own process."""
