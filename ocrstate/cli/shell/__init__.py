"""What lets a shell complete commands, files, models and runs."""
