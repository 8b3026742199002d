"""The processes that do items: on this machine, or those of a broker."""
