"""The benchmarks of `./portal bench`: always a ratio against something in the same run, never a timed test."""
