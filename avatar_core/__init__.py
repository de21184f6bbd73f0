"""Synth Avatar: rows of people become portraits."""
