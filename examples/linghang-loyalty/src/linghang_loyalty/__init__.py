"""The points of a loyalty programme, as skills of Linghang."""
