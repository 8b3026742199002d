"""Jobs and their items: the tables, the queue, and how one item is processed."""
