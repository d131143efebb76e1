"""What says that contracts are synthetic: the metadata of their table, and their identifiers."""

CLE = b"assistant_medical"  # of the schema; its value is a JSON object
PREFIXE = "synthetique-"
