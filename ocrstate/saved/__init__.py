"""Files that the user names: plans, and the metrics of a check.

Plans are written by plan, shown by show, carried out once by apply. A saved plan holds what the plan was made from, the
manifest and the inventory, beside the document that it made. Planning is pure, so whoever reads the file makes the plan
again, and believes nothing that does not follow.
"""
