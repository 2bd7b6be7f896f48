"""A fictional city and its years 2017 and 2018 as real rows, at the scale of one city's printed report."""
