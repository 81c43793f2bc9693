"""Contenders: each settles the workload its own way, to the fen."""
