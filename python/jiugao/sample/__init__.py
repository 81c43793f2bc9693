"""An invented year of a place in the national format, with known errors planted."""
