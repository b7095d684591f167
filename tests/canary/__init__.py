"""A package, unlike the other folders of tests, so that pytest can make one site for all the tests in it."""
