"""Due against paid: differences, their causes found by evaluation, control totals."""
