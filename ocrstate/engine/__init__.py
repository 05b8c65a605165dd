"""The engine in a child process: how it is started, asked, understood when it fails, and ended."""
