"""Decide what would change, why, and whether it may. Pure: values in, values out."""
