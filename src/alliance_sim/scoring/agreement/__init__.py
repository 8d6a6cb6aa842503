"""How far scores agree with people: figures, their intervals, and what they are read from."""
