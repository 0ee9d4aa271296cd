/** Preconditions of changesets: what is known of them without a database. */

import { isMeant } from "./dbms.ts";
import { childOf, type Element } from "./element.ts";

/** What a precondition comes to; null where only a database can say. */
type Verdict = boolean | null;

/** What is known of a changeset's preconditions: it runs, it is left out, or only a database could say. */
export function verdictOf(changeset: Element, dialect: string): "runs" | "skipped" | "unknown" {
  const conditions = childOf(changeset, "preConditions");
  if (conditions === undefined) return "runs";
  const verdict = all(conditions, dialect);
  if (verdict === null) return "unknown";
  const onFail = conditions.attributes.get("onFail") ?? "HALT";
  return verdict || onFail === "WARN" ? "runs" : "skipped";
}

function all({ children }: Element, dialect: string): Verdict {
  const verdicts = children.filter(isCondition).map((child) => judge(child, dialect));
  return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
}

function any({ children }: Element, dialect: string): Verdict {
  const verdicts = children.filter(isCondition).map((child) => judge(child, dialect));
  return verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
}

/** In YAML the attributes of a list of conditions stand among them. */
function isCondition({ name }: Element): boolean {
  return !/^on(?:Fail|Error|SqlOutput|FailMessage|ErrorMessage|Update)/.test(name);
}

function judge(condition: Element, dialect: string): Verdict {
  switch (condition.name) {
    case "and":
      return all(condition, dialect);
    case "or":
      return any(condition, dialect);
    case "not": {
      const inner = all(condition, dialect);
      return inner === null ? null : !inner;
    }
    case "dbms":
      return isMeant(condition.attributes.get("type"), dialect);
    default:
      return null;
  }
}
