"""Disclosure 企业环境信息依法披露: who has to, what by when, truth commitments, the patrol of the platform.

``subjects`` says by rule who is on the list; ``lists`` draws it up, opens it to objections and has it
published by two people; ``items`` are what is owed by when; ``reports`` take drafts and versions, each with
its commitment 真实性承诺; ``patrolling`` finds what is missing, late or inconsistent 平台巡检, ``findings``
follow it up; ``portal`` is what the public reads.
"""
