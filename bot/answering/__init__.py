"""Question in, grounded and cited answer out. Knows no Discord and no terminal."""
