"""Claims and the tables beside them: the column contract, reading, order, rejects."""
