"""What the file of an enterprise keeps of its own 一企一档: officers, projects, quarter verdicts, audits.

Officers 企业环保员 and construction projects 建设项目 are typed tables that people keep. Quarter verdicts
季度判定 are reckoned from the store by ``programmes.enterprise_file`` and may be thrown away at any time.
"""
