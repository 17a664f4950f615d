"""The command line: what `./uppsikt COMMAND` runs once its packages are there."""
