"""Review routes: the screens of the openness office."""
