"""Parts that several readers of statements use: cells, columns, rows, balances."""
