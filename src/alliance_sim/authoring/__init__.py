"""Files that people write: read safely, located to the line, turned into models."""
