"""How names and numbers are spelled for people. Pure."""
