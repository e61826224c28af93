"""What is public as data: rows, columns and forms of files. Everything is made from publications and the register."""
