"""What is in the store: the folder as read from disk, joined with what the engine says it sees."""
