"""一库: the one database. Here so far: the observation store (``series``)."""
