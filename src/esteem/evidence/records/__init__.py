"""Record-level data: what the tables of a data set look like, and how a folder of them is read. Nothing is counted here."""
