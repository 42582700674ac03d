"""The version of the distribution: written down here alone, from where the build takes it.

Not read from the installed metadata, which is a file of a thousand lines: `serve` tells its version with the first
answer.
"""

version = "0.1.0"
