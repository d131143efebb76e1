"""Reading a table of contracts, and checking every cell of it."""
