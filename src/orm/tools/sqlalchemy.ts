import type { OrmTool } from "../orm.ts";

/** SQLAlchemy: a script compiles the metadata for the dialect, without a driver and without a database. */
export const sqlalchemy: OrmTool = {
  name: "sqlalchemy",
  title: "SQLAlchemy",
  door: "print",
  command: ["python3", "aim_models.py"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment", "enum", "sequence"],
  blurs: ["enum order"],
  unsaid:
    "`default=` of a column is the application's and not in the database; `server_default=` is",
  models: ["aim_models.py", "**/models.py", "**/models/**/*.py"],
  script: {
    file: "aim_models.py",
    edit: 'set MODELS to where your models are: "app.models:Base"',
    text: String
      .raw`"""Prints the tables of this project's SQLAlchemy models as SQL. Written by aim init; it is yours to change."""

import importlib
import os
import sys

# A module, and the Base or MetaData in it. Modules that add further tables must be imported by it, or in MORE.
MODELS = "app.models:Base"
MORE = []

from sqlalchemy import create_mock_engine

sys.path.insert(0, os.getcwd())
module, _, name = MODELS.partition(":")
found = getattr(importlib.import_module(module), name or "metadata")
for other in MORE:
    importlib.import_module(other)
metadata = getattr(found, "metadata", found)

dialect = {"postgres": "postgresql"}.get(os.environ["AIM_DIALECT"], os.environ["AIM_DIALECT"])


def show(statement, *args, **kwargs):
    print(str(statement.compile(dialect=engine.dialect)).strip() + ";\n")


engine = create_mock_engine(dialect + "://", show)
metadata.create_all(engine, checkfirst=False)
`,
  },
  signs: [
    { files: ["alembic.ini"] },
    {
      files: ["pyproject.toml", "requirements.txt", "setup.cfg", "Pipfile"],
      says: /^\s*["']?(?:flask-)?sqlalchemy\b/im,
    },
  ],
};
