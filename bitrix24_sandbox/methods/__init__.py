"""The portal's methods, a module a family; `METHODS` of each is gathered in `catalogue`."""
