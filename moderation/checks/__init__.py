"""The checks of COMMENT_CHECKS: one file for each, a function that reads a Submission and gives a Result.

The function's name is the check's in what is kept. Each looks at every text and says what it saw; whom it spares
it still looks at. None of them asks the network.
"""
