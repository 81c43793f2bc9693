"""Whether the tests notice changed code: samples of changes, drawn by a seed."""
