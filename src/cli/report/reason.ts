/** Reasons of planned statements as sentences. */

import type {
  Because,
  Deed,
  Reason,
  Subject,
  TableDifference,
  Unsupported,
} from "../../core/reason.ts";

/** One sentence without a final period: `Table public.users is created`. */
export function sentenceOf(reason: Reason): string {
  if (reason.action === "describe") return reason.text;
  if (reason.action === "combine") return reason.of.map(sentenceOf).join("; ");
  const deed = deedOf(reason, reason.object);
  return reason.because === undefined ? deed : `${deed}${becauseOf(reason.because)}`;
}

function deedOf(deed: Deed, object: Subject): string {
  const subject = capital(nameOf(object));
  switch (deed.action) {
    case "create":
      return `${subject} is created`;
    case "drop":
      return `${subject} is dropped`;
    case "recreate":
      return `${subject} is recreated`;
    case "replace":
      return `${subject} is replaced`;
    case "rename":
      return `${subject} is renamed to ${deed.to}`;
    case "set":
      return settingOf(deed.attribute, deed.to, object);
    case "become":
      return `${subject} becomes ${deed.state}`;
    case "cease":
      return `${subject} is no longer ${deed.state}`;
    case "attach":
      return `${subject} is attached to ${deed.parent} as a ${deed.as}`;
    case "detach":
      return `${subject} is detached from ${deed.parent}, of which it is a ${deed.as}`;
    case "grant":
    case "revoke":
      return privilegesOf(deed, object);
    case "validate":
      return `All rows are checked against ${nameOf(object)}`;
    case "backfill":
      return `Rows without a value of ${nameOf(object)} get ${deed.value ?? "one each"}`;
    case "deduplicate":
      return `Rows that are equal in ${deed.columns.join(", ")} are deleted but for the first, as ${
        nameOf(object)
      } wants`;
    case "continue_numbers":
      return `The numbers of ${nameOf(object)} continue behind its rows`;
    case "fill":
      return `${subject} is filled from ${deed.from}`;
    default:
      return PLAIN_DEEDS[deed.action](nameOf(object));
  }
}

function settingOf(attribute: string, to: string | null | undefined, object: Subject): string {
  const what = `The ${attribute} of ${nameOf(object)}`;
  if (to === undefined) return `${what} changes`;
  return to === null ? `${what} is dropped` : `${what} becomes ${to}`;
}

function privilegesOf(
  { action, to, by }: Extract<Deed, { readonly action: "grant" | "revoke" }>,
  object: Subject,
): string {
  const what = action === "grant" ? `granted to ${to}` : `revoked from ${to}`;
  return `Privileges on ${nameOf(object)} are ${what}${by === undefined ? "" : ` by ${by}`}`;
}

type PlainDeed = Exclude<
  Deed["action"],
  | "create"
  | "drop"
  | "recreate"
  | "replace"
  | "rename"
  | "set"
  | "become"
  | "cease"
  | "attach"
  | "detach"
  | "grant"
  | "revoke"
  | "validate"
  | "backfill"
  | "deduplicate"
  | "continue_numbers"
  | "fill"
>;

const PLAIN_DEEDS: Readonly<Record<PlainDeed, (name: string) => string>> = {
  copy_rows: (name) => `The rows of ${name} are copied`,
  save_rows: (name) => `The rows of ${name} are saved`,
  restore_rows: (name) => `The rows of ${name} are restored`,
  restore_references: (name) => `References of ${name} that were emptied are restored`,
  delete_rows: (name) => `The rows of ${name} are deleted, to be restored`,
  convert_values: (name) => `The values of ${name} are converted`,
  drop_saved_rows: (name) => `The saved rows of ${name} are dropped: they are restored`,
  drop_former: (name) => `The former ${name} is dropped: what is wanted of it was copied`,
  defer_foreign_keys: (name) =>
    `Foreign keys to ${name} are checked when the transaction ends, not before`,
  skip_reference_checks: (name) =>
    `Views and triggers that refer to ${name} are not checked meanwhile`,
  skip_body_checks: (name) => `The body of ${name} is not checked meanwhile`,
  check_deferred: (name) =>
    `Deferred constraints of ${name} are checked at once: the server alters no table while they wait`,
  drop_foreign_keys: (name) => `The foreign keys of ${name} are dropped until it is recreated`,
};

function becauseOf(because: Because): string {
  switch (because.cause) {
    case "recreate":
      return ", to be recreated";
    case "change":
      return `, to be recreated: ${nameOf(because.object)} ${HAPPENS[because.action]}`;
    case "unsupported":
      return `: ${UNSUPPORTED[because.operation]}`;
    case "alter_table":
      return `: ALTER TABLE cannot ${differenceOf(because)}`;
    case "referenced":
      return ": rows of other tables refer to it";
    case "refers":
      return `: they refer to ${nameOf(because.object)}, which is recreated`;
    default:
      return PLAIN_CAUSES[because.cause];
  }
}

type PlainCause = Exclude<
  Because["cause"],
  "recreate" | "change" | "unsupported" | "alter_table" | "referenced" | "refers"
>;

const PLAIN_CAUSES: Readonly<Record<PlainCause, string>> = {
  cycle: ": objects refer to each other",
  functions: ": functions of the type take it",
  unused: ": nothing uses it any more",
  former_parent: ": it came from a former parent",
  parent: ": that of the parent takes its place",
  rows_elsewhere: "; its rows stay where they are",
  slot_stays: "; its slot stays at the publisher",
  enabled_by_hand: "; it is enabled by hand, once its slot is there",
  published: ": rows that are published change, and no key identifies them meanwhile",
  not_validated: ": old rows are not checked",
  missing_table: " for a rename: it names a table that does not exist",
  set_null_not_null: ": they refer ON DELETE SET NULL in a column that is NOT NULL",
};

const HAPPENS = {
  alter: "is altered",
  create: "is created",
  drop: "is dropped",
  recreate: "is recreated",
} as const;

const UNSUPPORTED: Readonly<Record<Unsupported, string>> = {
  replace: "it cannot be replaced in place",
  alter: "it cannot be altered in place",
  alter_type: "its type cannot be altered in place",
  alter_attribute_type: "the type of an attribute cannot be altered while tables hold its values",
  remove_value: "a value of it cannot be removed in place",
  reorder_values: "its values cannot be reordered in place",
  reorder_attributes: "its attributes cannot be reordered in place",
  restrict_domain: "it cannot be restricted while rows hold it inside other values",
  alter_range: "a range type cannot be altered in place",
  alter_collation: "a collation cannot be altered in place",
  cast_default: "its default cannot be cast along",
};

/** `add a, b, change c and drop d`. */
function differenceOf({ added, changed, dropped, options }: TableDifference): string {
  const parts = [
    ...verbOf("add", added),
    ...verbOf("change", changed),
    ...verbOf("drop", dropped),
    ...options ? ["change its options"] : [],
  ];
  if (parts.length < 2) return parts[0] ?? "move columns";
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function verbOf(verb: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${verb} ${names.join(", ")}`];
}

function nameOf({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
