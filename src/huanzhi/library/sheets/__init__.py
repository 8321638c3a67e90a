"""Sheets 电子表格: templates, export and import of any typed table, by the columns that it declares."""
