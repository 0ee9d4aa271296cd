/** Writing Alembic's revisions. */

import { createHash } from "node:crypto";
import { UsageError } from "../../core/error.ts";
import { type CalledStatement, calledStatements, commentLines } from "../code_statements.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { pythonLiteral } from "../python_code.ts";
import { needsMarker, partsFor, type PartToWrite } from "../rendering.ts";
import { nextVersions } from "../versions.ts";
import { inChain, isRevisionFile, type Revision, revisionOf } from "./revision.ts";
import { escapedColons } from "./text.ts";

/** The next revision behind the only head, named as the folder's others are. Throws UsageError where there are several heads. */
export function renderAlembic(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("alembic", "Alembic", input);
  const revisions = existing.filter(({ path }) => isRevisionFile(path)).map(revisionOf)
    .filter((one) => one !== null);
  const { ordered, heads } = inChain(revisions);
  if (heads.length > 1) {
    throw new UsageError(
      `Cannot write a revision behind ${heads.length} heads: ${heads.join(", ")}`,
      {
        code: "migration-format",
        hint: `Merge them first: alembic merge ${heads.join(" ")}`,
      },
    );
  }
  let down = heads[0] ?? null;
  const ids = idsFor(ordered, parts, now);
  return parts.map((part, index) => {
    const id = ids[index] ?? "";
    const file = {
      path: pathFor(ordered.at(-1), { id, slug: part.name, now }),
      text: text(part, { id, down, now }, input),
    };
    down = id;
    return file;
  });
}

/** Numbers where the folder has numbers, else twelve hexadecimal digits, as Alembic makes them. */
function idsFor(
  revisions: readonly Revision[],
  parts: readonly PartToWrite[],
  now: Date,
): readonly string[] {
  const known = revisions.map(({ id }) => id);
  if (known.length > 0 && known.every((id) => /^\d{1,6}$/.test(id))) {
    return nextVersions({ versions: known, now, first: "0001" }, parts.length);
  }
  return parts.map(({ name }, index) => {
    const seed = [now.toISOString(), String(index), name, ...known].join("\n");
    return createHash("sha256").update(seed).digest("hex").slice(0, 12);
  });
}

/** As the last revision's file is called: with a date before the id or not, in `versions` or not. */
function pathFor(
  last: Revision | undefined,
  { id, slug, now }: { readonly id: string; readonly slug: string; readonly now: Date },
): string {
  const path = last?.file.path ?? "";
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const base = path.slice(folder.length);
  const before = last === undefined ? "" : base.slice(0, Math.max(base.indexOf(last.id), 0));
  const moment = now.toISOString().replace(/\D/g, "");
  let digits = 0;
  const date = /^\d{4}[-_]?\d\d[-_]?\d\d[\d_T-]*[-_]$/.test(before)
    ? before.replaceAll(/\d/g, () => moment.charAt(digits++) || "0")
    : "";
  return `${folder}${date}${id}_${slug}.py`;
}

function text(
  part: PartToWrite,
  { id, down, now }: { readonly id: string; readonly down: string | null; readonly now: Date },
  { dialect }: RenderInput,
): string {
  const section = (direction: "up" | "down") => {
    const apart = needsMarker(part[direction], dialect);
    return body(calledStatements(part[direction], { apart }), apart);
  };
  const header = commentLines(part.header).map((line) => `# ${line}`.trimEnd() + "\n").join("");
  return `"""${part.name.replaceAll("_", " ")}

Revision ID: ${id}
Revises: ${down ?? ""}
Create Date: ${now.toISOString().replace("T", " ").replace("Z", "")}

"""
from alembic import op

${header}${header === "" ? "" : "\n"}revision = ${pythonLiteral(id)}
down_revision = ${down === null ? "None" : pythonLiteral(down)}
branch_labels = None
depends_on = None


def upgrade() -> None:
${section("up")}

def downgrade() -> None:
${section("down").trimEnd()}
`;
}

function body(statements: readonly CalledStatement[], apart: boolean): string {
  if (statements.length === 0) return "    pass\n";
  const indent = apart ? "        " : "    ";
  const calls = statements.map(({ comments, sql }) =>
    [
      ...comments.map((line) => `${indent}# ${line}\n`),
      `${indent}op.execute(${pythonLiteral(escapedColons(sql))})\n`,
    ].join("")
  );
  return `${apart ? "    with op.get_context().autocommit_block():\n" : ""}${calls.join("")}`;
}
