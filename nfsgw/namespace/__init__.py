"""The tree: inodes, names, attributes and the chunk map, transactional on SQLite."""
