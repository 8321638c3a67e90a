"""Feeds 数据接入: files of others become observations of ours, whole or not at all."""
