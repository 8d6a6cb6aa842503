"""alliance-sim: practise building a therapeutic alliance with a simulated client."""

__version__ = "0.1.0"
