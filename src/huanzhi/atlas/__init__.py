"""One map 一图: base map, layers with official colours, questions of place.

Pure: `datum`, `geodesy`, `simplify`, `tiles`, `contours`. From data files: `layers`, `legends`. With the
store and the data folder: `basemap`, `marks`, `frames`, `wind`, `showing`.
"""
