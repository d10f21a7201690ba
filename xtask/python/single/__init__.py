"""One-operator networks built by hand, in the corners that exporters seldom write."""
