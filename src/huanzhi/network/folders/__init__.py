"""Watched folders 监视文件夹: files put there are imported and moved to ``done`` or ``rejected``."""

from huanzhi.network.folders.watcher import Watch, Watcher

__all__ = ["Watch", "Watcher"]
