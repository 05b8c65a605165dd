"""From a manifest file to the `Desired` state: read, validate, explain."""
