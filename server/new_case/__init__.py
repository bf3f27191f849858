"""新案件: the page on which a case is made, and the folder that it is made in."""
