/** What only the user or a model can settle, and how it is answered. */

import type { Facts } from "./snapshot.ts";
import type { Place } from "./statement.ts";

/** A decision that only the user or a model can make. */
export interface Choice {
  /** Stable over runs on the same change: `rename:table:public.users`, `fill:public.users.email`. */
  readonly id: string;
  /** The same without its schema, where no other choice goes by that: `fill:users.email`. */
  readonly shortId?: string;
  readonly kind: "rename" | "data" | "unsupported";
  /** One question, for a terminal: `Was column public.users.fullname renamed to name?`. */
  readonly question: string;
  /** What speaks for and against: types, positions, references, similarity from 0 to 1. */
  readonly evidence: Facts;
  readonly options: readonly ChoiceOption[];
  /** Id of the option that holds when nobody answers; null leaves the plan open. */
  readonly fallback: string | null;
  /** Id of the option that `assume-empty` means: it holds where no row is said to be in the way. */
  readonly ifEmpty?: string;
  /** The answer in force and where it came from; null while open. */
  readonly answer: Answer | null;
}

/** One way to settle a choice. */
export interface ChoiceOption {
  readonly id: string;
  /** What will happen, in one sentence. */
  readonly label: string;
  /** Set where the answer states a rename, which a flag of its own gives. */
  readonly rename?: Pick<Rename, "kind" | "from" | "to">;
  /** Set where a setting of `aim.toml` gives the answer. */
  readonly setting?: { readonly key: string; readonly value: string };
  /** Set when the answer carries an SQL expression. */
  readonly takesExpression?: boolean;
  /** An expression that fits, to begin with. */
  readonly sample?: string;
}

/** How a choice was settled. */
export interface Answer {
  readonly option: string;
  readonly expression?: string;
  /** Why a model chose it, in one sentence. */
  readonly reason?: string;
  readonly by: "flag" | "settings" | "annotation" | "person" | "model" | "fallback" | "policy";
}

/** The answer that no row is in the way: the migration fails when it meets one. */
export const ASSUME_EMPTY = "assume-empty";

/** True for an answer that takes it for granted that no row is in the way, where the user said so. */
export function isAssumption({ answer, fallback, ifEmpty }: Choice): boolean {
  return answer !== null && fallback === null && answer.option === ifEmpty;
}

/** A stated rename. Names may leave out a default schema (`users.fullname`); `to` may be the last part alone (`name`). */
export interface Rename {
  /** Kind of the object, or null to take the one that fits. */
  readonly kind: string | null;
  readonly from: string;
  readonly to: string;
  readonly by: Answer["by"];
  readonly place?: Place;
}

/** A value for rows that checks may refuse: the first of the candidates that passes is wanted, and only a database can tell which. */
export interface ValueQuestion {
  /** `fill:public.users.email` */
  readonly id: string;
  /** The usual one first; it holds where none passes. */
  readonly candidates: readonly ValueCandidate[];
}

/** A value that rows may get. */
export interface ValueCandidate {
  /** As SQL. */
  readonly expression: string;
  /** Queries, one for each check, the same for all candidates: each gives a row where the check does not refuse the value. */
  readonly tests: readonly string[];
}
