"""Älvsta kommun: a made-up municipality to try things in. Nobody in it is real.

Who works there (`town`), what they look after (`accounts`) and what a working day is like (`day`) are plain data.
`building` lays them in, `fetching` reads the practice network through the ordinary pull, `living` lets the last
month pass through the ordinary actions, and `seeding` does it all once.
"""
