"""Runs SQL alone."""
