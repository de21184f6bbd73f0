"""What is kept: rows in a catalog, bytes by their hash."""
