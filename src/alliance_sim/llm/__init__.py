"""Language models behind one Protocol; nothing above this package knows which."""
