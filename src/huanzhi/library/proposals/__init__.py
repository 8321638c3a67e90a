"""Proposals 双人操作: what one person proposes and another decides; see ``data/kinds.toml`` for which."""
