import { type ProjectCase, testProjects } from "../project_case.ts";

const FLYWAY = ['engine = "sqlite"', 'format = "flyway"', 'migrations = "db/migration"'];
const GOOSE = ['engine = "sqlite"', 'format = "goose"'];
const V1 = { "db/migration/V1__a.sql": "CREATE TABLE ${prefix}job (id int, kind ${TYPE});\n" };
const JOB = { "schema.sql": "CREATE TABLE app_job (id int, kind text);\n" };
const DIFF = { args: ["diff", "--exit-code"], code: 0 };

/** A migration of goose whose UP has variables. */
function goose(sql: string): Readonly<Record<string, string>> {
  return { "migrations/00001_a.sql": `-- +goose Up\n-- +goose ENVSUB ON\n${sql}\n` };
}

const CASES: readonly ProjectCase[] = [
  {
    title: "Flyway's placeholders come from aim.toml, capitals aside",
    settings: [...FLYWAY, "[flyway]", 'placeholders = { Prefix = "app_", type = "text" }'],
    files: { ...V1, ...JOB },
    ...DIFF,
  },
  {
    title:
      "Flyway's placeholders come from flyway.toml of the project and flyway.conf beside the migrations",
    settings: FLYWAY,
    files: {
      ...V1,
      ...JOB,
      "flyway.toml": '[flyway.placeholders]\nprefix = "app_"\ntype = "int"\n',
      "db/migration/flyway.conf": "# ours\nflyway.placeholders.type = text\n",
    },
    ...DIFF,
  },
  {
    title: "aim.toml goes over Flyway's own settings",
    settings: [...FLYWAY, "[flyway]", 'placeholders = { type = "text" }'],
    files: {
      ...V1,
      ...JOB,
      "db/flyway.conf": "flyway.placeholders.prefix=app_\nflyway.placeholders.type=int\n",
    },
    ...DIFF,
  },
  {
    title: "other signs around Flyway's placeholders, and none at all, are as its settings say",
    settings: FLYWAY,
    files: {
      "db/migration/V1__a.sql": "CREATE TABLE @prefix@job (id int, kind text DEFAULT '${x}');\n",
      "flyway.conf":
        "flyway.placeholderPrefix=@\nflyway.placeholderSuffix=@\nflyway.placeholders.prefix=app_\n",
      "schema.sql": "CREATE TABLE app_job (id int, kind text DEFAULT '${x}');\n",
    },
    ...DIFF,
  },
  {
    title: "a placeholder without a value names the setting",
    settings: FLYWAY,
    files: { ...V1, ...JOB },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: .*Flyway fills in \$\{prefix\} from its configuration$/m,
      /^hint: .*\[flyway\] and placeholders = \{ prefix = /m,
    ],
  },
  {
    title: "a flyway.toml that is none is refused, with its place",
    settings: FLYWAY,
    files: { ...V1, ...JOB, "flyway.toml": "[flyway]\nplaceholders = {\n" },
    args: ["diff"],
    code: 2,
    stderr: [/^error: Cannot read "flyway\.toml": it is not TOML$/m],
  },
  {
    title: "goose's variables come from aim.toml, with their defaults",
    settings: [...GOOSE, "[goose]", 'env = { REGION = "eu" }'],
    files: {
      ...goose(
        "CREATE TABLE job_${REGION} (id int, kind text DEFAULT '${KIND:-x}$$', at $REGION);",
      ),
      "schema.sql": "CREATE TABLE job_eu (id int, kind text DEFAULT 'x$', at eu);\n",
    },
    ...DIFF,
  },
  {
    title: "goose's variables never come from the environment",
    settings: GOOSE,
    files: { ...goose("CREATE TABLE job_${REGION} (id int);"), "schema.sql": "SELECT 1;\n" },
    variables: { REGION: "eu" },
    args: ["diff"],
    code: 2,
    stderr: [
      /^error: .*goose fills in variables of the environment here, and REGION has no value$/m,
      /^ {2}--> migrations\/00001_a\.sql:3:18$/m,
      /^hint: .*\[goose\] and env = \{ REGION = /m,
    ],
  },
  {
    title: "an error behind a variable has its place in the file",
    settings: [...GOOSE, "[goose]", 'env = { REGION = "a_very_long_name" }'],
    files: {
      ...goose("CREATE TABLE job_$REGION (id int); SELECT nowhere;"),
      "schema.sql": "SELECT 1;\n",
    },
    args: ["diff"],
    code: 2,
    stderr: [/^ {2}--> migrations\/00001_a\.sql:3:43$/m],
  },
];

testProjects(CASES);
