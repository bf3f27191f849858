"""What is told of a portfolio: its workbook, error rates, samples drawn over all cases."""
