"""Responsibility audits 环境责任审计（全面体检）: form, findings, grade, rectification, report.

What the archive knows of each item comes from ``programmes.audits``; an auditor confirms or changes it with a
reason; a rulebook grades; what does not comply is put right under an issue of the centre.
"""
