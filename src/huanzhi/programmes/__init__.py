"""Programmes 业务系统: what a city runs, one folder each, composed of the rooms below."""
