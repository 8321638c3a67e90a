"""Assessment 考核: what regions and departments did, scored by a rulebook, with every deduction's evidence.

`assessing.draft` reckons an assessment and keeps it as a draft; two people publish it
(`library.indicators.scores`). `effects.effects` sets what was done beside what changed.
"""
