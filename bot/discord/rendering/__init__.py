"""From results to Discord's component trees: pure functions, no network."""
