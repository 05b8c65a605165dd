"""Carry out a plan: lock, look again, move aside, list again, delete. `ocrstate.writer` alone changes the store."""
