"""Places 地点: the tree of regions, and the stations, sections, wells and zones in it."""
