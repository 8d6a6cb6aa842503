"""The simulated client: what it feels, may say, and says."""
