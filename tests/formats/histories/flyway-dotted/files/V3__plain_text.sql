INSERT INTO nine VALUES ('${not a placeholder}');
