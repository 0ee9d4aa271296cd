-- The schema that the notes should have. The migrations are one change behind: notes can be pinned and are indexed, and
-- deleting a note deletes its tags, which in SQLite means recreating note_tags.

CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  body TEXT NOT NULL DEFAULT '',
  pinned INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX notes_created_at ON notes (created_at DESC);

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE note_tags (
  note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  PRIMARY KEY (note_id, tag_id)
);

CREATE VIEW tagged_notes AS
SELECT notes.id, notes.title, tags.name AS tag
FROM notes
JOIN note_tags ON note_tags.note_id = notes.id
JOIN tags ON tags.id = note_tags.tag_id;

CREATE TRIGGER notes_without_title
BEFORE INSERT ON notes
WHEN trim(NEW.title) = ''
BEGIN
  SELECT raise(ABORT, 'a note needs a title');
END;
