/** Django, whose migrations say what the models are. */

import type { Way } from "./way.ts";

function django(engine: "postgres" | "sqlite", database: string): Way {
  return {
    name: `Django on ${engine}`,
    tool: "django",
    format: "django",
    language: "python",
    engine,
    packages: ["django==5.2.19", "sqlalchemy==2.1.9", "psycopg[binary]==3.3.6"],
    migrations: "shop/migrations",
    models: "shop/models.py",
    files: {
      "manage.py": 'import os, sys\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config")\n' +
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
      "config.py": `import os
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {"default": ${database}}
`,
      "shop/__init__.py": "",
      "shop/migrations/__init__.py": "",
      "shop/models.py": `from django.conf import settings
from django.db import models
from django.db.models.functions import Now

class Customer(models.Model):
    email = models.EmailField(unique=True, max_length=255)
    role = models.CharField(max_length=10, default="member", choices=[("member", "it's a member"), ("admin", "Admin")])
    created_at = models.DateTimeField(db_default=Now())
    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(role__in=["admin", "member"]), name="role_known")]

class Tag(models.Model):
    name = models.CharField(max_length=40)

class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    total = models.DecimalField(max_digits=12, decimal_places=2, db_default=0)
    note = models.TextField(null=True)
    tags = models.ManyToManyField(Tag)
    class Meta:
        indexes = [models.Index(fields=["customer", "-total"], name="order_total_idx")]
`,
    },
    first: ["python3", "manage.py", "makemigrations", "-v0", "shop"],
    check: {
      words: ["python3", "manage.py", "makemigrations", "--check", "--dry-run", "-v1"],
      clean: /No changes detected/,
      isOffline: true,
    },
    apply: ["python3", "manage.py", "migrate", "-v0"],
    revert: { words: ["python3", "manage.py", "migrate", "-v0", "shop", "zero"] },
    edits: [
      {
        from: "    note = models.TextField(null=True)\n",
        to:
          "    note = models.TextField(null=True)\n    paid = models.BooleanField(db_default=False)\n    code = models.CharField(max_length=9)\n",
        says: /state_operations=\[\s+migrations\.AddField\(/,
      },
      {
        from: "    name = models.CharField(max_length=40)",
        to:
          "    name = models.CharField(max_length=80, unique=True)\n    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)",
        says: /migrations\.swappable_dependency\(settings\.AUTH_USER_MODEL\)/,
      },
      {
        from: "class Tag(",
        to:
          'class Shop(models.Model):\n    name = models.CharField(max_length=10, primary_key=True)\n    tags = models.ManyToManyField("Tag")\n\nclass Tag(',
        says: /migrations\.CreateModel\(/,
      },
      {
        from: "    note = models.TextField(null=True)\n",
        to: "    memo = models.TextField(null=True)\n",
        renames: [["shop_order.note", "memo"]],
        says: /migrations\.RenameField\(/,
      },
      {
        from: 'name="order_total_idx")]',
        to:
          'name="order_total_idx")]\n        constraints = [models.CheckConstraint(condition=models.Q(total__gte=0), name="total_positive")]',
        says: /migrations\.AddConstraint\(/,
      },
      {
        from: "class Tag(",
        to: "class Label(",
        others: [['"Tag"', '"Label"'], ["(Tag)", "(Label)"]],
        renames: [["shop_tag", "shop_label"], ["shop_order_tags.tag_id", "label_id"], [
          "shop_shop_tags.tag_id",
          "label_id",
        ]],
        says: /migrations\.RenameModel\(/,
      },
    ],
  };
}

/** On SQLite and on Postgres. */
export const DJANGO: readonly Way[] = [
  django(
    "sqlite",
    '{"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DB_FILE", ":memory:")}',
  ),
  django(
    "postgres",
    '{"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("DB_NAME", "x"), "USER": os.environ.get("DB_USER"), "PASSWORD": os.environ.get("DB_PASSWORD"), "HOST": os.environ.get("DB_HOST"), "PORT": os.environ.get("DB_PORT")}',
  ),
];
