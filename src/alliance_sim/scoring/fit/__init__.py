"""Fits the learned reading of sentences. Needs the extra `fit`; the program never runs it."""
