/** The nouns of a schema: what a database holds, what differs, and the statements that close the difference. */

/** Plain data, as JSON has it. Facts hold nothing else, so that two of them can be compared and printed. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What is true of an object and must be equal for two objects to be equal; keys with `null` are left out. */
export type Facts = { readonly [key: string]: Json };

/** One object of a schema as the catalog tells it: a table, a column, an index, a function. */
export interface SchemaObject {
  /** Unique in its snapshot: `kind:name`. */
  readonly id: string;
  /** The kind's standard name in lower case: `table`, `column`, `materialized view`. */
  readonly kind: string;
  /** Fully qualified, as a person writes it unquoted: `public.users.email`, `public.add(integer, integer)`; SQLite: `users.email`. */
  readonly name: string;
  /** Id of the object it is a part of and disappears with (a column's table), or null. */
  readonly parent: string | null;
  /** All that equality looks at. */
  readonly facts: Facts;
  /** Ids of the objects that must exist before this one can (the parent included). */
  readonly needs: readonly string[];
  /** The subset of `needs` whose removal silently takes this object away as well (an index and its column). */
  readonly goesWith: readonly string[];
  /** How its author wrote what has several spellings that mean the same; never compared, used when it is written again. */
  readonly style?: Facts;
  /** Place among its siblings, from 0, where siblings have an order (columns); compared only when `column_order = "strict"`. */
  readonly position?: number;
}

/** Everything that one database holds at one moment, without its rows. */
export interface Snapshot {
  readonly dialect: string;
  /** The server's version as `major.minor` or `major.minor.patch`. */
  readonly version: string;
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** Objects of kinds that aim does not model: found and named, never dropped in silence. */
  readonly unmodelled: readonly Unmodelled[];
}

/** An object of a kind that is not modelled. */
export interface Unmodelled {
  readonly kind: string;
  readonly name: string;
}

/** One difference between two snapshots. */
export type Change =
  | {
    readonly op: "create";
    readonly kind: string;
    readonly id: string;
    readonly after: SchemaObject;
  }
  | {
    readonly op: "drop";
    readonly kind: string;
    readonly id: string;
    readonly before: SchemaObject;
  }
  | {
    readonly op: "alter";
    readonly kind: string;
    readonly id: string;
    readonly before: SchemaObject;
    readonly after: SchemaObject;
    /** The keys of `facts` that differ; `position` when only the place does. */
    readonly facts: readonly string[];
  };

/** Where a piece of SQL stands. */
export interface Place {
  /** Path as the person wrote it, or relative to the working folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** One SQL statement of a script. */
export interface Statement {
  /** Its text without surrounding blanks, leading comments and the final semicolon. */
  readonly sql: string;
  /** Offset of `sql` in the script that was split, in UTF-16 units. */
  readonly offset: number;
  /** False when the server refuses it inside a transaction block (`CREATE INDEX CONCURRENTLY`, `VACUUM`). */
  readonly transactional: boolean;
  /** Set when the statement begins or ends a transaction itself. */
  readonly control?: "begin" | "commit" | "rollback" | "savepoint";
  /**
   * Set when it leaves the same in a transaction of its own as in one with its neighbours, as most definitions do, and settings that
   * last as long as the session.
   */
  readonly apart?: "definition" | "setting";
  /** Inline data of `COPY ... FROM stdin`, without the closing `\.`. */
  readonly copyData?: string;
  /** Set when a setting of the session decides where its strings end: a query whose `holds` is true where they end as they were cut. */
  readonly cutWhile?: string;
}

/** What going back over a statement restores. */
export type Reversible = "exact" | "column-order" | "structure" | "none";

/** A statement that aim planned, with the facts that a reader, a rule and the writer want to know. */
export interface PlannedStatement {
  /** One statement without its final semicolon. */
  readonly sql: string;
  /** Ids of the objects it serves; the first is the one it is grouped under. */
  readonly serves: readonly string[];
  /** Why it is there, in one sentence, for `--explain`. */
  readonly why: string;
  /** False when it must run outside a transaction block. */
  readonly transactional: boolean;
  /** What data it destroys, in words (`the rows of table users`); absent when none. */
  readonly destroys?: string;
  /** The relation whose rows it rewrites, where known. */
  readonly rewrites?: string;
  /** What an inverse statement can restore; absent means `exact`. */
  readonly reversible?: Reversible;
}

/** A decision that only a person or a model can make. */
export interface Choice {
  /** Stable over runs on the same change: `rename:table:public.users`, `fill:public.users.email`. */
  readonly id: string;
  readonly kind: "rename" | "data" | "unsupported";
  /** One question, for a terminal: `Was column public.users.fullname renamed to name?`. */
  readonly question: string;
  /** What speaks for and against: types, positions, references, similarity from 0 to 1. */
  readonly evidence: Facts;
  readonly options: readonly ChoiceOption[];
  /** Id of the option that holds when nobody answers; null leaves the plan open. */
  readonly fallback: string | null;
  /** The answer in force and where it came from; null while open. */
  readonly answer: Answer | null;
}

/** One way to settle a choice. */
export interface ChoiceOption {
  readonly id: string;
  /** What will happen, in one sentence. */
  readonly label: string;
  /** The exact command-line flag that gives this answer. */
  readonly flag: string;
  /** Set when the answer carries an SQL expression, which is then written `id=expression`. */
  readonly takesExpression?: boolean;
}

/** How a choice was settled. */
export interface Answer {
  readonly option: string;
  readonly expression?: string;
  readonly by: "flag" | "annotation" | "person" | "model" | "fallback" | "policy";
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

/** What is known about a change besides the two snapshots. */
export interface Hints {
  /** Answers by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Renames that a flag, an annotation, a person or a model stated; they count whether they look likely or not. */
  readonly renames: readonly Rename[];
  /** Answer every rename that nobody stated with "no": drop and add. */
  readonly dropAdd: boolean;
  /** Compare the places of columns too. */
  readonly strictOrder: boolean;
  /** Set for a way back: rows that lost values for good get what stands for nothing rather than make it fail. */
  readonly wayBack?: boolean;
  /** Answers to the questions of a plan that was made before, by their ids. */
  readonly values?: ReadonlyMap<string, string>;
  /** The version that the migration must run on, where it is older than the one it is proven on; null when the same. */
  readonly deployedVersion: string | null;
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

/** A plan of renames, and which stated ones it carries out. */
export interface RenamePlan extends Plan {
  readonly applied: readonly Rename[];
}

/** Statements in order, and the choices met on the way; a plan with an unanswered choice is not to be run. */
export interface Plan {
  readonly statements: readonly PlannedStatement[];
  readonly choices: readonly Choice[];
  /** What the database is to be asked, and `Hints.values` then tells; until then the usual values stand in the plan. */
  readonly questions?: readonly ValueQuestion[];
}

/** A migration before it is proven. */
export interface Draft {
  readonly author: "planner" | "model" | "user";
  /** Snake case, as it appears in file names: `add_email_to_users`. */
  readonly name: string;
  readonly up: readonly PlannedStatement[];
  readonly down: readonly PlannedStatement[];
  /** What DOWN restores at best, and why not more. */
  readonly reversible: Reversible;
  readonly notes: readonly string[];
}

/** How one direction of a proof ended. */
export type Verdict =
  | { readonly state: "exact" | "column-order" }
  | { readonly state: "differs"; readonly changes: readonly Change[] }
  | {
    readonly state: "error";
    readonly statement: number;
    readonly sql: string;
    readonly message: string;
  }
  | { readonly state: "not-run" };

/** What was proven, where. */
export interface Proof {
  readonly runtime: string;
  readonly version: string;
  /** UP on the replayed history gives schema.sql. */
  readonly up: Verdict;
  /** DOWN gives the schema before. */
  readonly down: Verdict;
  /** UP works again after DOWN. */
  readonly again: Verdict;
}

/** A danger that a rule or the run found; the room for rules fills it. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
}

/** The id of an object of `kind` called `name`. */
export function objectId(kind: string, name: string): string {
  return `${kind}:${name}`;
}
