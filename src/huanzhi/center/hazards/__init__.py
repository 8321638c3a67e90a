"""Hidden dangers 环境安全隐患: found, graded, mended, rechecked, closed; major ones late become issues."""
