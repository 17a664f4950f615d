"""What our claims on speed rest on: `python -m benchmarks NAME`, a table out. See README.md."""
