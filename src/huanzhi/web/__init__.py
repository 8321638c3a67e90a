"""Screens 界面: pages for people. Here so far: the status page, one file that needs no server."""
