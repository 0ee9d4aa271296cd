/** Projects with migrations that are programs, as their tools' users write them. */

/** A project of a tool. */
export interface ReplayCase {
  readonly tool: string;
  readonly language: "python" | "node";
  readonly engine: "sqlite" | "postgres";
  readonly migrations: string;
  readonly files: Readonly<Record<string, string>>;
  /** Words that apply all migrations; `python3` stands for the installed one. */
  readonly all: readonly string[];
  /** Variables of both. */
  readonly env: Readonly<Record<string, string>>;
  /** What a user adds to the schema that the programs leave. */
  readonly added: string;
}

const COUNT = 'open("runs.txt", "a").write("run\\n")\n';

function alembic(engine: ReplayCase["engine"], url: string): ReplayCase {
  return {
    tool: "alembic",
    language: "python",
    engine,
    migrations: "db/versions",
    files: {
      "alembic.ini": "[alembic]\nscript_location = db\n",
      "db/env.py": `${COUNT}import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["DB_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`,
      "db/versions/0001_users.py": `"""users"""
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(255), nullable=False, unique=True))

def downgrade():
    op.drop_table("users")
`,
      "db/versions/0002_note.py": `"""note"""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("UPDATE users SET email = lower(email)")

def downgrade():
    pass
`,
      "db/versions/0003_index.py": `"""index"""
import sqlalchemy as sa
from alembic import op
revision = "0003"
down_revision = "0002"

def upgrade():
    op.add_column("users", sa.Column("age", sa.Integer))
    op.create_index("users_age", "users", ["age"])

def downgrade():
    op.drop_index("users_age")
    op.drop_column("users", "age")
`,
    },
    all: ["python3", "-m", "alembic", "upgrade", "head"],
    env: { DB_URL: url },
    added: "CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL);\n",
  };
}

function django(engine: ReplayCase["engine"], database: string): ReplayCase {
  return {
    tool: "django",
    language: "python",
    engine,
    migrations: "shop/migrations",
    files: {
      "manage.py":
        `import os, sys\n${COUNT}os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config")\n` +
        "from django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
      "config.py": `import os
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
USE_TZ = True
DATABASES = {"default": ${database}}
`,
      "shop/__init__.py": "",
      "shop/models.py": "",
      "shop/migrations/__init__.py": "",
      "shop/migrations/0001_initial.py": `from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency("auth.User")]
    operations = [
        migrations.CreateModel(name="Customer", fields=[("user", models.ForeignKey("auth.User", on_delete=models.CASCADE)), ("id", models.BigAutoField(primary_key=True)), ("email", models.CharField(max_length=200, unique=True))]),
    ]
`,
      "shop/migrations/0002_name.py": `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.AddField("customer", "name", models.CharField(max_length=40, null=True, db_index=True))]
`,
    },
    all: ["python3", "manage.py", "migrate", "-v0"],
    env: {
      DB_FILE: "{file}",
      DB_NAME: "{database}",
      DB_USER: "{user}",
      DB_PASSWORD: "{password}",
      DB_HOST: "{host}",
      DB_PORT: "{port}",
    },
    added: "CREATE TABLE shop_tag (id integer PRIMARY KEY, title text NOT NULL);\n",
  };
}

const knex: ReplayCase = {
  tool: "knex",
  language: "node",
  engine: "postgres",
  migrations: "migrations",
  files: {
    "package.json": '{"name":"shop","private":true}',
    "knexfile.js":
      'require("fs").appendFileSync("runs.txt", "run\\n");\nmodule.exports = { client: "pg", connection: process.env.DATABASE_URL, pool: { min: 0, max: 1 } };\n',
    "migrations/20240101000000_users.js":
      `exports.up = (knex) => knex.schema.createTable("users", (table) => {
  table.increments();
  table.string("email").notNullable().unique();
});
exports.down = (knex) => knex.schema.dropTable("users");
`,
    "migrations/20240102000000_age.js":
      `exports.up = (knex) => knex.schema.alterTable("users", (table) => { table.integer("age"); });
exports.down = (knex) => knex.schema.alterTable("users", (table) => { table.dropColumn("age"); });
`,
  },
  all: ["npx", "--no-install", "knex", "migrate:latest"],
  env: {},
  added: "CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL);\n",
};

/** All of them. */
export const REPLAYS: readonly ReplayCase[] = [
  alembic("sqlite", "sqlite:///{file}"),
  alembic("postgres", "postgresql+psycopg://{user}:{password}@{host}:{port}/{database}"),
  django("sqlite", '{"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DB_FILE"]}'),
  django(
    "postgres",
    '{"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB_NAME"], "USER": os.environ["DB_USER"], "PASSWORD": os.environ["DB_PASSWORD"], "HOST": os.environ["DB_HOST"], "PORT": os.environ["DB_PORT"]}',
  ),
  knex,
];
