"""Receipts 回执: what was answered to a request that a device may send again.

A device without a network keeps its work and sends it later; it cannot know whether what it sent arrived.
It names each piece of work by a key of its own making (``Idempotency-Key``). `keeping.once` does the work of
a key once for an actor and gives the same answer to every later sending.
"""
