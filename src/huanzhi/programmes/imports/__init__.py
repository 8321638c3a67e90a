"""Imports of observation files 数据导入: kept as they came, looked at, then taken whole or not."""

from __future__ import annotations

from huanzhi.programmes.imports.previews import preview, rejects_file
from huanzhi.programmes.imports.uploads import State, Upload, Uploads

__all__ = ["State", "Upload", "Uploads", "preview", "rejects_file"]
