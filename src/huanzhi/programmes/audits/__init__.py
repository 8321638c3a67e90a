"""Responsibility audits 环境责任审计 with every room at hand: what the archive knows, and the issues.

Failed items are put right under issues of the centre; the audits are kept in ``ecocode.audits``.
"""
