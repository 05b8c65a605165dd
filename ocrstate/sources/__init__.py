"""Where models can be had, and reading from there: this folder's neighbours, the web, the hub, other storages."""
