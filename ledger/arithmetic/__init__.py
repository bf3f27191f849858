"""Cost shares and settlement: plain values in, plain values out."""
