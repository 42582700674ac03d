"""The dialects, one a module: signers written from each exchange's documentation with the standard library alone."""
