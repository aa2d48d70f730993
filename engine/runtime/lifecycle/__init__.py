"""How an instance begins, and how its clocks stand still and go on."""
