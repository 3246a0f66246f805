"""Changes of somebody's account that one administrator does not make alone: whoever could do them would be that person,
or see with their eyes."""
