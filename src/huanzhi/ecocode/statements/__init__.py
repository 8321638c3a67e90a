"""Statements 企业说明: what an enterprise says of itself, and what the bureau answers.

It explains a day beyond a limit 超标说明 or reports an error in its own file 数据纠错. `stating.state` files
one, `stating.move` answers or withdraws it by the table of steps; nothing that was judged changes by it.
"""
