"""Settling files and writing what came out: results, manifest, verification."""
