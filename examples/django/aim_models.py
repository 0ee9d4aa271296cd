"""Prints the tables of this project's Django models as SQL. Written by aim init; it is yours to change."""

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


with Editor(connection, collect_sql=True, atomic=False) as editor:
    for model in wanted():
        editor.create_model(model)
print("\n".join(line for line in editor.collected_sql if not line.startswith("--")))
