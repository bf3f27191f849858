"""Which bank line pays which voucher: what is owed, who is named, what is certain, what is only proposed."""
