"""Figures that the project is measured by. `make bench` prints them all."""
