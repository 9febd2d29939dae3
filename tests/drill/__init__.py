"""The drill of backup and restoring: an installation is filled, backed up, destroyed and brought back elsewhere."""
