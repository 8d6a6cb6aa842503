"""Names what the trainee did with an utterance."""
