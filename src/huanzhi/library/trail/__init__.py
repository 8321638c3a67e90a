"""The audit trail 审计链: what was done, by whom, each entry bound to the one before it by SM3."""
