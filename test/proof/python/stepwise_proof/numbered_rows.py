"""Numbers for the rows that releases write, far from those that a sequence gives, and what was written."""


class NumberedRows:
    def __init__(self, number):
        self.number = number
        # Table and key of each row.
        self.keys = []

    def next(self):
        self.number += 1
        return self.number
