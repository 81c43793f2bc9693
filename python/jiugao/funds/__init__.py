"""Settled claims and the enrolled come in; fund statements and indicators go out."""
