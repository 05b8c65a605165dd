"""Everything about a host that could be wrong: looked at in `looking`, judged in the other modules, never changed."""
