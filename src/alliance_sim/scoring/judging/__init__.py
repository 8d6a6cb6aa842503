"""How a language model judges a transcript: what it is asked, and what of its answer counts."""
