"""The forms that users fill in, and reading the award form."""
