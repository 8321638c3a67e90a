"""Service firms 环境服务机构: who assesses, tests, operates and treats for enterprises, and how well.

``register`` keeps firms, people and works; ``quality`` scores works by a check list; ``effect`` judges what a
contract promised by what was measured; ``grading`` draws grade and warning from the credit file by rulebook;
``standing`` takes a firm or a person out, for a time or for ever, and back, by two people.
"""
