"""Syntax trees of any shape, drawn at random."""
