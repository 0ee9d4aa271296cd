/** Approvals of migrations, as text. */

import type { ApprovalsOutcome, ApproveOutcome } from "../../pipeline/mod.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../visible.ts";
import { counted } from "./changes.ts";

/** Each migration: what it needs, what was given, and what does not count. */
export function renderApprovals({ migrations }: ApprovalsOutcome, paint: Paint): string {
  return migrations.map(({ migration, isApproved, needs, given, refused }) => {
    const word = isApproved ? paint.green("approved") : paint.red("missing ");
    const lines = [
      ...needs.map(({ by, count, because, given: met, missing, people }) => {
        const who = met.length === 0 ? "" : `: ${met.join(", ")}`;
        const from = missing === 0
          ? ""
          : people.length === 0
          ? paint.red("  nobody is in it")
          : paint.dim(`  of ${people.join(", ")}`);
        return `  needs ${count} of ${by} (${because})${who}${
          missing === 0 ? "" : `, ${paint.red(`${missing} missing`)}`
        }${from}`;
      }),
      ...given.map(({ by, at, kind, reason }) =>
        `  ${paint.green("given")}  ${by}  ${at}  ${kind}${reason === null ? "" : `  ${reason}`}`
      ),
      ...refused.map(({ file, why }) => `  ${paint.yellow("does not count")}  ${file}  ${why}`),
    ];
    return `${word}  ${visible(migration)}\n${
      lines.map((line) => `${visibleLine(line)}\n`).join("")
    }`;
  }).join("");
}

/** Colours are ours; all else comes from files. */
function visibleLine(line: string): string {
  return line.split(COLOUR).map((part, at) => at % 2 === 1 ? part : visible(part)).join("");
}

// deno-lint-ignore no-control-regex
const COLOUR = /(\u001b\[[0-9;]*m)/;

/** The last line of a check. */
export function renderApprovalsSum(
  { outcome, migrations }: ApprovalsOutcome,
  paint: Paint,
): string {
  if (migrations.length === 0) return `${paint.green("approved")}: no approval is needed\n`;
  const missing = migrations.filter(({ isApproved }) => !isApproved).length;
  return outcome === "approved"
    ? `${paint.green("approved")}: ${counted(migrations.length, "migration")}\n`
    : `${paint.red("missing")}: ${missing} of ${
      counted(migrations.length, "migration")
    } not approved; \`aim approve\` signs one\n`;
}

/** What was signed, and whether it counts. */
export function renderSigned({ migration, record, counts }: ApproveOutcome, paint: Paint): string {
  const found = record.findings.length === 0 ? "nothing found" : record.findings.join(", ");
  const proof = `up ${record.proof.up}, down ${record.proof.down}, up again ${record.proof.again}`;
  const end = record.expires === null
    ? ""
    : `, until ${record.expires.replace(/:\d\d\.\d+Z$/, "Z")}`;
  const doubt = counts === null || counts.isGood
    ? ""
    : `${paint.yellow("does not count")}: ${
      visible(counts.why ?? "")
    }; sign with a key that the policy knows, or add this one to its keys\n`;
  return `${paint.green("signed")}: ${visible(migration)} by ${visible(record.by)}${end}\n${
    paint.dim(`  ${proof}; ${visible(found)}`)
  }\n${doubt}`;
}
