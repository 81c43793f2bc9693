"""Random policies and random claims: what must hold for every one of them."""
