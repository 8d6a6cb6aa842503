"""Fitting the learned coder: needs the extra `fit`, and runs only when asked."""
