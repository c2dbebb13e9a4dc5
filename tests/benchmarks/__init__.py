"""Speed and memory, measured as ratios in the same run: `make bench`. No test asserts any of it."""
