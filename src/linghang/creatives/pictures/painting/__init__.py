"""Painting: each kind of layer drawn from its record alone, bottom first."""
