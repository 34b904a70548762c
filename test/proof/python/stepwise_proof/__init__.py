"""The Python side of the proof."""
