"""The pages in docs/reference, and the tables in README.md, that are made of the code and the schemas.

`make reference` writes them.
"""
