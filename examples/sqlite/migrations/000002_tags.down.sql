DROP VIEW tagged_notes;
DROP TABLE note_tags;
DROP TABLE tags;
