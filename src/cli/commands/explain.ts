/** `aim explain`. */

import { EXIT, UsageError } from "../../core/error.ts";
import { nearest } from "../../text/nearest.ts";
import type { Rule } from "../../rules/rule.ts";
import { answer, type Command } from "../command.ts";
import { exits } from "../exits.ts";

/** Says what a code of `aim lint` means. */
export const explain: Command = {
  name: "explain",
  summary: "Say what a code of aim lint means, why it is dangerous, and what to do instead",
  arguments: [{
    name: "code",
    required: false,
    summary: "As aim lint prints it; all of them are listed without one",
    completes: "rule",
  }],
  flags: [],
  examples: [
    { line: "aim explain", what: "all codes" },
    { line: "aim explain drop-column", what: "one of them" },
  ],
  exits: exits({ [EXIT.ok]: "Explained" }),
  run: async ({ arguments: [code] }) => {
    const { RULES } = await import("../../rules/mod.ts");
    const { renderRule, renderRules } = await import("../report/rules.ts");
    if (code === undefined) {
      return {
        exit: EXIT.ok,
        json: { outcome: "ok", rules: RULES.map(ruleJson) },
        pieces: [answer((paint, width) => renderRules(RULES, paint, width))],
      };
    }
    const rule = RULES.find((one) => one.code === code);
    if (rule === undefined) {
      const near = nearest(code, RULES.map((one) => one.code));
      throw new UsageError(`Cannot explain "${code}": there is no such code`, {
        code: "unknown-rule",
        hint: near === null ? "`aim explain` lists them" : `did you mean ${near}?`,
      });
    }
    return {
      exit: EXIT.ok,
      json: { outcome: "ok", rules: [ruleJson(rule)] },
      pieces: [answer((paint, width) => renderRule(rule, paint, width))],
    };
  },
};

function ruleJson({ code, title, why, instead, severity, engines, isOptional }: Rule) {
  return { code, title, why, instead, severity, engines, optional: isOptional === true };
}
