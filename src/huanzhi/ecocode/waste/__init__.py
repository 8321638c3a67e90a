"""Waste 固体废物: plans, ledgers, manifests, balance, storage, pick-ups of small firms, check lists."""
