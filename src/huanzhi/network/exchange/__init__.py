"""Exchange 数据交换: with the systems of others, by HTTP or by file, each exchange in a log.

``parcel`` is the file: manifest, rows, SHA-256 and SM3 sums, sequence number, signature; anybody can verify
it. ``mapping`` turns our fields into those of the other side and back, by a table. ``sending`` keeps a parcel
and its entry of the log before anything leaves; ``receiving`` takes a parcel in whole or refuses it with the
place, and takes it once. What goes out and who gets it is the business of programmes.

A parcel is durable, with its sequence number and its entry, before a file is written or a request is made; so
a process that is killed at any moment sends the same bytes under the same number when it goes on
(tests/network/exchange/test_exchange_kill.py).
"""
