/** The shop in models of Django. */

import type { Shop } from "./shop.ts";

/** On Postgres. */
export const django: Shop = {
  tool: "django",
  language: "python",
  models: "shop/models.py",
  files: {
    "manage.py": 'import os, sys\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config")\n' +
      "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
    "config.py": `import os, urllib.parse
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
url = urllib.parse.urlparse(os.environ.get("DATABASE_URL", "postgres://"))
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": url.path[1:], "USER": url.username, "PASSWORD": url.password, "HOST": url.hostname, "PORT": url.port}}
`,
    "shop/__init__.py": "",
    "shop/models.py": `from django.db import models
from django.db.models.functions import Now

class Customer(models.Model):
    email = models.EmailField(unique=True, max_length=255, db_comment="login")
    role = models.CharField(max_length=10, db_default="member")
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
  makes: [
    "sh",
    "-c",
    '"$0" manage.py makemigrations -v0 shop && "$0" manage.py migrate -v0',
    "python3",
  ],
  edits: [
    [
      "    note = models.TextField(null=True)\n",
      "    note = models.TextField(null=True)\n    paid = models.BooleanField(db_default=False)\n",
    ],
    [
      "    name = models.CharField(max_length=40)",
      "    name = models.CharField(max_length=80, unique=True)",
    ],
    [
      "class Tag(",
      "class Shop(models.Model):\n    name = models.CharField(max_length=10, primary_key=True)\n\nclass Tag(",
    ],
    ["    note = models.TextField(null=True)\n", ""],
    [
      'name="order_total_idx")]',
      'name="order_total_idx")]\n        constraints = [models.CheckConstraint(condition=models.Q(total__gte=0), name="total_positive")]',
    ],
  ],
};
