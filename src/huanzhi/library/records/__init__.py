"""Business records 业务记录: the one door through which they change."""
