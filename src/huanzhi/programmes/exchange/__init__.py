"""What is exchanged with outside systems 对外数据交换: payloads, their fields, and who takes them in."""
