"""A checked policy comes in; a program file and its listing go out."""
