"""What the command line and the Python API have in common: a store to look at, a plan for it, and carrying it out."""
