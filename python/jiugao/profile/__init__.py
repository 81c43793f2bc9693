"""The standard columns that every policy may name: package data, always in scope."""
