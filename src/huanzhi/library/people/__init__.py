"""People 人员: organisations and departments, who works there, in which role and where."""
