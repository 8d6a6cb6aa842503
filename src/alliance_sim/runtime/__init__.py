"""A live session: the loop of trainee, client and store."""
