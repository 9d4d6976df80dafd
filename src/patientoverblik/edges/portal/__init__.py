"""The pages, for professionals and citizens."""
