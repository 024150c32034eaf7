"""The pages that change the archive. The pages that show it are the desk's."""
