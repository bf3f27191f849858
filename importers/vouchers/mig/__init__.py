"""E-invoice messages of the Ministry of Finance (MIG)."""
