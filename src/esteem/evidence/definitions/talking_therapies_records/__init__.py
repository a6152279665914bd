"""Measures counted from records of talking therapies (IAPT data set, version 2.1): one family to a file, found by `definitions.mhsds`."""
