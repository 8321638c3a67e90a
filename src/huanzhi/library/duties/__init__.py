"""Duties 职责: departments 部门, what each answers for 职责清单, and who is on duty when 值班表."""
