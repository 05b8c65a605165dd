"""What models contain: read with all cores, and remembered where nothing has changed since."""
