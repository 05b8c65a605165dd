"""Real servers on loopback, good ones and bad ones; each remembers what it was asked for."""
