"""What is public as data: rows, columns and forms of files. Everything is made from publications and the register."""

from transparency.open_data.rows import camera_row

__all__ = ["camera_row"]
