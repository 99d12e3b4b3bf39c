"""Files of any size to a table of answers, block by block, here or on a cluster."""
