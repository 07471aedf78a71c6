"""Archives in and out: JSON Lines to topics and posts and back (CONTRACT.md, "Lines of import_posts"; docs/forum.md)."""
