"""Sightings 遥感图斑与走航点位: what was seen from above or in passing, and has to be looked at on the spot.

`importing.preview` reads a file and says every fault; `importing.accept` takes it in whole or not at all;
`verifying.verify` confirms a spot, which opens an issue, or dismisses it with a reason.
"""
