"""Look at what no listing tells: what is in models, where they can be had, how much room there is."""
