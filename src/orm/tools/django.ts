import type { OrmTool } from "../orm.ts";
import { djangoState } from "../state/django.ts";

/** Django: a script has its schema editor write the tables of the models, without a database. */
export const django: OrmTool = {
  name: "django",
  title: "Django",
  door: "print",
  command: ["python3", "aim_models.py"],
  dialects: ["postgres", "sqlite", "mysql", "mariadb"],
  says: ["check", "comment"],
  unsaid:
    "`default=`, `choices` and `on_delete` are the application's and not in the database; `db_default=` is",
  models: ["aim_models.py", "**/models.py", "**/models/**/*.py", "**/settings.py"],
  script: {
    file: "aim_models.py",
    edit: null,
    text: String
      .raw`"""Prints the tables of this project's Django models as SQL. Written by aim init; it is yours to change."""

import json
import os
import re
import sys

# Labels of the apps whose tables are wanted; None for all that are installed.
APPS = None

sys.path.insert(0, os.getcwd())
if "DJANGO_SETTINGS_MODULE" not in os.environ:
    with open("manage.py") as file:
        name = re.search(r"""DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+)""", file.read())
    os.environ["DJANGO_SETTINGS_MODULE"] = name.group(1)

from django.conf import settings

DIALECT = os.environ["AIM_DIALECT"]
BACKEND = {"postgres": "postgresql", "sqlite": "sqlite3"}.get(DIALECT, "mysql")
kept = settings.DATABASES.get("default", {})
engine = kept.get("ENGINE", "")
fits = {"postgres": ("postgresql", "postgis"), "sqlite": ("sqlite3", "spatialite")}.get(DIALECT, ("mysql",))
if not engine.endswith(fits):
    engine = "django.db.backends." + BACKEND
settings.DATABASES = {"default": {"ENGINE": engine, "NAME": ":memory:", "OPTIONS": {}}}
settings.DATABASE_ROUTERS = []

import django

django.setup()

from django.apps import apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

# What the schema editor would ask a server.
VERSION = os.environ.get("AIM_VERSION", "")
if DIALECT == "postgres":
    connection.__dict__["pg_version"] = int(VERSION.split(".")[0] or 17) * 10000
elif DIALECT != "sqlite":
    product = (VERSION or "10.11") + ".0-MariaDB" if DIALECT == "mariadb" else (VERSION or "8.4") + ".0"
    connection.__dict__["mysql_server_data"] = {
        "version": product,
        "sql_mode": "STRICT_TRANS_TABLES",
        "default_storage_engine": "InnoDB",
        "sql_auto_is_null": False,
        "lower_case_table_names": 0,
        "has_zoneinfo_database": True,
    }
    type(connection.introspection).get_storage_engine = lambda *args: "InnoDB"


class Editor(connection.SchemaEditorClass):
    def execute(self, sql, params=()):
        BaseDatabaseSchemaEditor.execute(self, sql, params)

    def quote_value(self, value):
        if DIALECT in ("mysql", "mariadb"):
            if isinstance(value, bool):
                return "1" if value else "0"
            if isinstance(value, (int, float)):
                return str(value)
            return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
        return super().quote_value(value)


def wanted():
    # As migrations see the models: their tables of many-to-many fields have other keys than those of the apps.
    for model in ProjectState.from_apps(apps).apps.get_models():
        meta = model._meta
        if meta.managed and not meta.proxy and not meta.swapped and (APPS is None or meta.app_label in APPS):
            yield model


def tables():
    with Editor(connection, collect_sql=True, atomic=False) as editor:
        for model in wanted():
            editor.create_model(model)
    return "\n".join(line for line in editor.collected_sql if not line.startswith("--"))


def state(task):
    """What makemigrations would write into a folder of migrations behind those of a list: what a migration of SQL says of the models."""
    from importlib.util import find_spec

    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import MigrationQuestioner
    from django.db.migrations.writer import OperationWriter
    from django.db.models import NOT_PROVIDED

    loader = MigrationLoader(None, ignore_no_migrations=True)

    def folders(label):
        name = loader.migrations_module(label)[0]
        spec = find_spec(name) if name else None
        return [os.path.realpath(path) for path in spec.submodule_search_locations or []] if spec else []

    labels = [app.label for app in apps.get_app_configs()]
    own = next((label for label in labels if os.path.realpath(task["folder"]) in folders(label)), None)
    if own is None:
        return {"unsaid": ["no app of this project has its migrations in that folder"]}

    def table(model):
        return model.options.get("db_table") or own + "_" + model.name_lower

    def column(name, field):
        return field.db_column or (name + "_id" if field.remote_field else name)

    renames = [(one["kind"], one["from"].split("."), one["to"]) for one in task["renames"]]

    class Questioner(MigrationQuestioner):
        def ask_rename_model(self, old, new):
            return any(kind == "table" and names[-1] == table(old) and to == table(new) for kind, names, to in renames)

        def ask_rename(self, model_name, old_name, new_name, field):
            model = before.models.get((own, model_name))
            old = model.fields.get(old_name, field) if model else field
            ends = [table(after.models[own, model_name]), column(old_name, old)], column(new_name, field)
            return any(kind == "column" and names[-2:] == ends[0] and to == ends[1] for kind, names, to in renames)

        # The SQL fills the rows.
        def ask_not_null_addition(self, *args):
            return NOT_PROVIDED

        ask_not_null_alteration = ask_auto_now_add_addition = ask_not_null_addition

    graph = loader.graph
    behind = [key for key in graph.nodes if key[0] == own and key[1] in task["history"]]
    before = loader.project_state([key for key in graph.leaf_nodes() if key[0] != own] + behind)
    after = ProjectState.from_apps(apps)
    changes = MigrationAutodetector(before, after, Questioner()).changes(graph, convert_apps={own})
    mine = changes.pop(own, [])
    unsaid = ["models of the app " + label + " have changed too, and a migration speaks of one app" for label in sorted(changes)]
    imports, dependencies, operations = set(), set(), []
    for migration in mine:
        for label, name in migration.dependencies:
            if label == "__setting__":
                imports.add("from django.conf import settings")
                dependencies.add("migrations.swappable_dependency(settings." + name + ")")
            elif label != own:
                dependencies.add(repr((label, name)))
                if label in changes and (label, name) not in graph.nodes:
                    return {"unsaid": unsaid + ["models refer to new ones of the app " + label]}
        for operation in migration.operations:
            text, needed = OperationWriter(operation, indentation=0).serialize()
            operations.append(text.rstrip().rstrip(","))
            imports |= needed
    return {"app": own, "imports": sorted(imports), "dependencies": sorted(dependencies), "operations": operations, "unsaid": unsaid}


task = os.environ.get("AIM_STATE")
print(tables() if task is None else json.dumps(state(json.loads(task))))
`,
  },
  signs: [{ files: ["manage.py"], says: /DJANGO_SETTINGS_MODULE/ }],
  state: djangoState,
};
