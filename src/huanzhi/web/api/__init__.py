"""The HTTP interface 数据接口: push with a key, and the read side of OGC SensorThings."""
