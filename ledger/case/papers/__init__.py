"""The papers that a case is asked for and those that it has."""
