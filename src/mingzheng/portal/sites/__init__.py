"""The sites of the city: the portal and those of departments, their looks, menus, homes and lives, and the switches for all of them."""
