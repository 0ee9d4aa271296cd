/** What the codes of `aim lint` mean. */

import type { Rule } from "../../rules/rule.ts";
import type { Paint } from "../paint.ts";
import { wrapped } from "../help.ts";
import { highlightSql } from "./sql.ts";

/** A line for each rule. */
export function renderRules(rules: readonly Rule[], paint: Paint, width: number): string {
  const longest = Math.max(...rules.map(({ code }) => code.length));
  return rules.map(({ code, title }) => {
    const lines = wrapped(title, Math.max(20, width - longest - 4));
    return lines.map((line, at) =>
      `${at === 0 ? paint.cyan(code.padEnd(longest)) : " ".repeat(longest)}  ${line}\n`
    ).join("");
  }).join("");
}

/** A rule, with its examples. */
export function renderRule(rule: Rule, paint: Paint, width: number): string {
  const text = (words: string) => wrapped(words, width).map((line) => `${line}\n`).join("");
  const optional = rule.isOptional === true ? ", only where aim.toml asks for it" : "";
  return [
    `${paint.bold(rule.code)}  ${
      paint.dim(`${rule.severity}, ${rule.engines.join(", ")}${optional}`)
    }\n`,
    text(rule.title),
    `\n${paint.bold("Why")}\n`,
    text(rule.why),
    `\n${paint.bold("Instead")}\n`,
    text(rule.instead),
    ...examples("Found", rule.bad, paint),
    ...examples("Not found", rule.good, paint),
  ].join("");
}

function examples(title: string, list: Rule["bad"], paint: Paint): readonly string[] {
  return list.map(({ setup, sql }) =>
    `\n${paint.bold(title)}\n${setup === "" ? "" : `  ${paint.dim(`-- before: ${setup}`)}\n`}  ${
      highlightSql(sql, paint)
    }\n`
  );
}
