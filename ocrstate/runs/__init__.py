"""What runs wrote down in a store, and what of it can be taken back. Reads only."""
