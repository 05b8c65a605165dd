"""What is in models: digests of their content, and which of them need not be computed again."""
