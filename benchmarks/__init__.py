"""Measures of speed: the model, its hand-written twin, and a synthetic population."""
