"""Getting models into a store's staging folder: whole, verified, and resumed where an earlier run was broken off."""
