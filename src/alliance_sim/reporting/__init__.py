"""Sessions and scores as tables and pages."""
