"""Enterprises 企业: who discharges, through which outlets, under which permit and limits."""
