/** The request "review": what a second reader sees in a migration that was measured. All that a model is told stands here. */

import type { Finding } from "../../core/finding.ts";
import type { MeasuredStatement } from "../../core/measured.ts";
import type { ModelRequest } from "../model.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, objects, readJson, string } from "./read_json.ts";

/** Name and version; raise the version when anything below changes. */
const REVIEW_PROMPT = "review-2";

const ANSWER_TOKENS = 1200;

const RULES =
  `You review a migration of a database that programs are using meanwhile. A tool has run it over rows and measured each statement, \
and its rules have findings already; how large tables of production are, which code uses what changes and what the team's policy \
asks for may be known as well. All that is given are facts. Say what they do not say: what breaks in programs that still \
expect the old schema, what takes long or blocks with many rows, what could be lost or is wrong in the data, what DOWN does not \
bring back, what goes against what the project says of itself.

Rules:
- At most 8 remarks, the gravest first. None is a good answer: "remarks" is [] then.
- Each has "reason", one sentence of at most 30 words that names the table or column; then "statement", the number of the statement \
of UP, or 0 for the whole; then "severity", "warning" for what can hurt, "info" for the rest; then "instead", one sentence, or "".
- Do not repeat a finding, do not contradict what was measured, do not remark on style or names.

Example: {"remarks":[{"reason":"Programs of the version before still write users.name, which is gone after statement 2.",\
"statement":2,"severity":"warning","instead":"Drop it in a later release."}]}`;

const PLAIN = "Answer with that JSON object and nothing else.";

/** A statement of UP with what was measured. */
export interface ReviewedStatement {
  readonly sql: string;
  readonly measured: MeasuredStatement | null;
}

/** What is reviewed. */
export interface ReviewBrief {
  readonly server: string;
  readonly context: string | null;
  readonly migration: string;
  readonly statements: readonly ReviewedStatement[];
  /** DOWN as SQL; empty where there is none. */
  readonly down: string;
  /** What the rules of the project found. */
  readonly findings: readonly Finding[];
  /** What production is known to hold and how long that takes, a line each. */
  readonly sizes: readonly string[];
  /** Who uses what changes, a line each. */
  readonly uses: readonly string[];
  /** What the team's policy asks for, a line each. */
  readonly policy: readonly string[];
}

/** The request. `hide` takes secrets out of all that comes from the project. */
export function reviewRequest(
  brief: ReviewBrief,
  { hide, maxTokens }: { readonly hide: (text: string) => string; readonly maxTokens: number },
): ModelRequest {
  const { statements, down, findings, migration, server } = brief;
  const up = statements.map(({ sql, measured }, at) =>
    `${at + 1}. ${sql}\n-- measured: ${measuredText(measured)}`
  ).join("\n\n");
  const found = findings.map(({ code, message }) => `${code}: ${message.split("\n")[0]}`);
  const fenced = fence([
    { title: "up", text: hide(up) },
    { title: "down", text: hide(down.trim() === "" ? "there is none" : down) },
    { title: "findings", text: hide(found.length === 0 ? "none" : found.join("\n")) },
    ...known("sizes", brief.sizes, hide),
    ...known("uses", brief.uses, hide),
    ...known("policy", brief.policy, hide),
  ]);
  const about = brief.context?.trim() ?? "";
  return {
    prompt: REVIEW_PROMPT,
    system: [
      RULES,
      `The database is ${server}.`,
      ...(about === "" ? [] : [`About this project:\n${hide(about)}`]),
    ].join("\n\n"),
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nReview the migration ${
        hide(migration)
      }.`,
    }],
    schema: { name: "review", schema: SCHEMA },
    needed: ["remarks"],
    plain: PLAIN,
    maxTokens,
    answerTokens: ANSWER_TOKENS,
    effort: "low",
  };
}

/** A part of the request where there is anything to say. */
function known(title: string, lines: readonly string[], hide: (text: string) => string) {
  return lines.length === 0 ? [] : [{ title, text: hide(lines.join("\n")) }];
}

const SCHEMA = {
  type: "object",
  properties: {
    remarks: {
      type: "array",
      items: {
        type: "object",
        properties: {
          reason: { type: "string" },
          statement: { type: "integer" },
          severity: { type: "string", enum: ["warning", "info"] },
          instead: { type: "string" },
        },
        required: ["reason", "statement", "severity", "instead"],
        additionalProperties: false,
      },
    },
  },
  required: ["remarks"],
  additionalProperties: false,
};

/** What was measured, in a line. */
function measuredText(measured: MeasuredStatement | null): string {
  if (measured === null) return "not measured";
  const { locks, rewrites, scans, builds, cascades } = measured;
  const parts = [
    ...locks.filter(({ blocks }) => blocks !== "nothing")
      .map(({ relation, blocks }) => `blocks ${blocks} of ${relation}`),
    ...rewrites.map((name) => `rewrites ${name}`),
    ...scans.map((name) => `reads all of ${name}`),
    ...builds.map((name) => `builds an index on ${name}`),
    ...cascades.map((what) => `drops ${what} with it`),
  ];
  return parts.length === 0 ? "blocks nothing" : parts.join("; ");
}

/** One remark as it was read. */
export interface Remark {
  readonly reason: string;
  readonly statement: number;
  readonly severity: "warning" | "info";
  readonly instead: string;
}

const MOST_REMARKS = 8;
const LONGEST = 300;

/** Reads an answer; remarks without a reason or about a statement that is not there are left out. */
export function readReview(text: string, statements: number): readonly Remark[] | Misread {
  const found = readJson(text, ["remarks"]);
  if (found === null) return { error: "the answer holds no JSON object", malformed: true };
  if ("error" in found) return found;
  if (!Array.isArray(found.json.remarks)) {
    return { error: 'the answer has no list "remarks"', malformed: true };
  }
  const seen = new Set<string>();
  return objects(found.json.remarks).flatMap((remark): readonly Remark[] => {
    const reason = sentence(remark.reason);
    const { statement, severity } = remark;
    const number = typeof statement === "number" ? statement : 0;
    const isThere = Number.isInteger(number) && number >= 0 && number <= statements;
    if (reason === "" || !isThere || seen.has(reason)) return [];
    seen.add(reason);
    return [{
      reason,
      statement: number,
      severity: severity === "warning" ? "warning" : "info",
      instead: sentence(remark.instead),
    }];
  }).slice(0, MOST_REMARKS);
}

function sentence(value: unknown): string {
  return string(value).replaceAll(/\s+/g, " ").trim().slice(0, LONGEST);
}
