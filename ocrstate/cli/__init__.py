"""The command line: reads options, calls the parts in order, and prints."""
