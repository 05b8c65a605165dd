"""Look at the engine, the system, the store and this tool itself, and return what is seen as values."""
