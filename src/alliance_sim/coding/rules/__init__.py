"""Rules from what is observed to codes: small pure functions, by family."""
