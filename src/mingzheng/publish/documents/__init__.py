"""Policy documents and their life: what amends or ends them, filing, clean-up, gazette, openness decided at the source."""
