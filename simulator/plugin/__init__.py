"""What stands behind the pytest plugin: names of accounts, the watch over a test's calls, servers that run elsewhere.

The plugin itself is `entry/exchange_simulator_plugin.py`, a module with a top-level name of its own, so that pytest can
load it in a repository that has a package called `simulator`; it imports what is here when a fixture is used.
"""
