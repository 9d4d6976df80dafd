"""What is wrong with a document, all of it at once."""
