"""Plain values that every layer shares: no I/O, no screen, no clock."""
