"""Search over 30,000 names: time of a query, and of making the index.

Run with ``python -m benchmarks.search``.
"""

from __future__ import annotations

import random
import statistics
import time

from huanzhi.library.search import Entry, Names

NUMBER = 30_000
QUERIES = (
    "椒江", "jiaojiang", "jjrd", "jj", "a", "91331", "taizhou hg", "xianju hg", "热电 公司", "yuhaun"
)  # fmt: skip
TOWNS = "台州椒江黄岩路桥三门天台仙居温岭临海玉环宁波慈溪余姚"
FIRMS = "永安长江东方新华海天华丰金龙宏达瑞安正大恒通联创启明远景国泰"
TRADES = "热电化工印染电镀医药造纸水泥环保模具汽配水产食品制革固废"
WORDS = (TOWNS, FIRMS, TRADES)


def main() -> None:
    """Measure and print."""
    chance = random.Random(7)
    made = [
        Entry(
            "enterprise",
            f"9133{n:014d}",
            f"{''.join(two(chance, of) for of in (TOWNS, FIRMS, TRADES))}厂{n % 97}",
        )
        for n in range(NUMBER)
    ]
    begun = time.perf_counter()
    names = Names(made)
    print(f"index of {NUMBER} names: {time.perf_counter() - begun:.2f} s")
    for query in QUERIES:
        took = [timed(names, query) for _ in range(9)]
        hits = len(names.find(query))
        middle, most = statistics.median(took) * 1e3, max(took) * 1e3
        print(f"{query:<16} median {middle:6.1f} ms  most {most:6.1f} ms  {hits} hits")


def two(chance: random.Random, of: str) -> str:
    """Return one of the words of two characters."""
    at = 2 * chance.randrange(len(of) // 2)
    return of[at : at + 2]


def timed(names: Names, query: str) -> float:
    """Return the seconds that a query takes."""
    begun = time.perf_counter()
    names.find(query)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
