"""Where people ask, and the engine that answers."""
