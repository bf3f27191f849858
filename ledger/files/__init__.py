"""The files of a case: the one writer, and the award file."""
