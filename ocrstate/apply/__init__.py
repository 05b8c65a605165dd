"""Carry out a plan: lock, look again, move aside, list again, delete. `store_writer` alone changes the store."""
