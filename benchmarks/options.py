"""What a benchmark can be told on its command line."""

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter


def options() -> ArgumentParser:
    """Of the module that was run: its name, and its docstring as the help. The caller adds what it can be told."""
    main = sys.modules["__main__"]
    name = main.__spec__.name.removesuffix(".__main__") if main.__spec__ else main.__name__
    formatter = RawDescriptionHelpFormatter
    return ArgumentParser(prog=f"python -m {name}", description=main.__doc__, formatter_class=formatter)
