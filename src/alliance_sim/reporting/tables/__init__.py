"""Tables of scores in the formats of spreadsheets and of statistics."""
