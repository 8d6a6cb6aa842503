"""Fits the learned reading of sentences. Needs the extra `fit`; the program itself never runs it."""
