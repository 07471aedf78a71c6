"""Building of the committed reference data from named data sets. Development only: nothing at run time imports this package."""
