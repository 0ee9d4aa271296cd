/** docs/rules.md: every rule of `aim lint`. */

import type { Rule } from "../../rules/rule.ts";

/** The page. */
export function rulesText(rules: readonly Rule[]): string {
  const of = (optional: boolean) =>
    rules.filter(({ isOptional = false }) => isOptional === optional);
  return [
    "# Rules of `aim lint`",
    "How they are used: [lint](lint.md). Each example is a test.",
    ...of(false).map(section),
    "# Rules that are asked for",
    'Used with `--strict`, or where aim.toml gives them a severity: `[lint]` with `table-without-pk = "warning"`.',
    ...of(true).map(section),
  ].join("\n\n") + "\n";
}

function section({ code, title, why, instead, severity, engines, bad, good }: Rule): string {
  return [
    `## ${code}`,
    `${title}. (${severity}; ${engines.join(", ")})`,
    why,
    `Instead: ${instead}`,
    [
      "```sql",
      ...bad.flatMap((one) => shown("found", one)),
      ...good.flatMap((one) => shown("not found", one)),
      "```",
    ]
      .join("\n"),
  ].join("\n\n");
}

function shown(verdict: string, { setup, sql }: Rule["bad"][number]): readonly string[] {
  const lines = sql.split(/(?<=;) /);
  return [`-- ${verdict}${setup === "" ? "" : `; before: ${setup}`}`, ...lines];
}
