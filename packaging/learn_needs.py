"""Learns the need classifier from the needs scheme and `examples.txt`: the same input, the same weights. Half a minute."""

from esteem.directory.search.learned import write

if __name__ == "__main__":
    made = write()
    print(f"{made}: {made.stat().st_size / 1000:.0f} kB")
