"""The figures of LC-3.5 to LC-3.8 and LC-4.1 in fen, by class: what every peer hard-codes."""

ASSISTANCE = {
    1: (0, 70, 3_000_000),
    2: (300_000, 50, 1_500_000),
    3: (1_000_000, 60, 2_000_000),
}
REASSISTANCE = {
    1: (500_000, 70, 2_000_000),
    2: (1_000_000, 70, 1_500_000),
    3: (0, 0, 0),
}
