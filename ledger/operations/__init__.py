"""What a person does to a case, one module an operation."""
