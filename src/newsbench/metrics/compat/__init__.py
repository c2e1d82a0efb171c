"""The peers' metrics under their own names, one peer a file: the same numbers as the peers' own code.

Definitions were read from the peers' code and written anew. Where a peer crashes or drops a page, `empty` of the metric
says what is counted instead.
"""
