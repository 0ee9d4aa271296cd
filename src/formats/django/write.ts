/** Writing Django's migrations. */

import { UsageError } from "../../core/error.ts";
import { type CalledStatement, calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { pythonLiteral } from "../python_code.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { nextVersions } from "../versions.ts";
import { inOrder, labelFrom } from "./migration.ts";
import { type DjangoState, djangoStateOf, importLines, pythonItems } from "./state.ts";

/** The next migration behind the only leaf. Throws UsageError where there are several leaves, or nothing says which app it is. */
export function renderDjango(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("django", "Django", input);
  const { ordered, leaves, app } = inOrder(existing);
  if (leaves.length > 1) {
    throw new UsageError(
      `Cannot write a migration behind ${leaves.length} leaves: ${leaves.join(", ")}`,
      {
        code: "migration-format",
        hint: "Merge them first: python manage.py makemigrations --merge",
      },
    );
  }
  const state = djangoStateOf(input.state);
  const label = state?.app ?? app ?? labelFrom(input.folder ?? "") ?? "app";
  const versions = nextVersions({
    versions: ordered.map(({ name }) => /^\d+(?=_)/.exec(name)?.[0])
      .filter((one) => one !== undefined),
    now,
    first: "0001",
  }, parts.length);
  let before = leaves[0] ?? null;
  return parts.map((part, index) => {
    const name = `${versions[index]}_${part.name}`;
    // Of several migrations the last one brings the models: only behind it is all that they say there.
    const models = index === parts.length - 1 ? state : null;
    const file = { path: `${name}.py`, text: text(part, { label, before, models }, input) };
    before = name;
    return file;
  });
}

function text(
  part: PartToWrite,
  { label, before, models }: {
    readonly label: string;
    readonly before: string | null;
    readonly models: DjangoState | null;
  },
  { dialect }: RenderInput,
): string {
  const apart = needsMarker([...part.up, ...part.down], dialect);
  const header = commentLines(part.header).map((line) => `# ${line}`.trimEnd() + "\n").join("");
  const list = (direction: "up" | "down") => {
    const calls = calledStatements(part[direction], { apart });
    return calls.length === 0 ? "[]" : `[\n${items(calls)}            ]`;
  };
  const reverse = part.down.length === 0 ? "migrations.RunSQL.noop" : list("down");
  const dependencies = [
    ...(before === null ? [] : [`(${pythonLiteral(label)}, ${pythonLiteral(before)})`]),
    ...(models?.dependencies ?? []),
  ];
  const dependency = dependencies.length === 0
    ? ""
    : `\n${pythonItems(dependencies, " ".repeat(8))}    `;
  const operations = models?.operations ?? [];
  const state = operations.length === 0
    ? ""
    : `            state_operations=[\n${pythonItems(operations, " ".repeat(16))}            ],\n`;
  return `${importLines({ imports: models?.imports ?? [] }).join("\n")}

${header}${header === "" ? "" : "\n"}
class Migration(migrations.Migration):
${apart ? "    atomic = False\n\n" : ""}${
    before === null ? "    initial = True\n\n" : ""
  }    dependencies = [${dependency}]

    operations = [
        migrations.RunSQL(
            sql=${list("up")},
            reverse_sql=${reverse},
${state}        ),
    ]
`;
}

function items(calls: readonly CalledStatement[]): string {
  const indent = " ".repeat(16);
  return calls.map(({ comments, sql }) =>
    [
      ...comments.map((line) => `${indent}# ${line}\n`),
      `${indent}${pythonLiteral(sql)},\n`,
    ].join("")
  ).join("");
}
