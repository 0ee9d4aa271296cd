/** The objects of a Postgres schema with the facts of their kinds, and how a kind and a plan speak of them. */

import type { Change } from "../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Alteration, ObjectKind, PlanContext, PreservedRows } from "../object_kind.ts";
import { relationsOf } from "../planner/relations.ts";
import type { AggregateFacts } from "./catalog/aggregate.ts";
import type { BaseTypeFacts } from "./catalog/base_type.ts";
import type { CastFacts } from "./catalog/cast.ts";
import type { CollationFacts, ConversionFacts } from "./catalog/collation.ts";
import type { ColumnFacts, DefaultFacts } from "./catalog/column.ts";
import type { CommonFacts, Plain } from "./catalog/common.ts";
import type { AttributeFacts, CompositeFacts } from "./catalog/composite.ts";
import type { ConstraintFacts } from "./catalog/constraint.ts";
import type { DefaultPrivilegesFacts } from "./catalog/default_privileges.ts";
import type { DomainConstraintFacts, DomainFacts } from "./catalog/domain.ts";
import type { EnumFacts } from "./catalog/enum.ts";
import type { EventTriggerFacts } from "./catalog/event_trigger.ts";
import type { ExtensionPrivilegesFacts } from "./catalog/extension_privileges.ts";
import type {
  ForeignDataWrapperFacts,
  ForeignTableFacts,
  ServerFacts,
  UserMappingFacts,
} from "./catalog/foreign_data.ts";
import type { FunctionFacts } from "./catalog/function.ts";
import type { IndexFacts } from "./catalog/index_kind.ts";
import type { AccessMethodFacts, LanguageFacts, TransformFacts } from "./catalog/language.ts";
import type { OperatorClassFacts, OperatorFacts, OperatorFamilyFacts } from "./catalog/operator.ts";
import type { PolicyFacts } from "./catalog/policy.ts";
import type { PublicationFacts, PublicationTableFacts } from "./catalog/publication.ts";
import type { RangeFacts } from "./catalog/range.ts";
import type { ExtensionFacts } from "./catalog/schema.ts";
import type { SequenceFacts } from "./catalog/sequence.ts";
import type { ServerTypes } from "./catalog/server_types.ts";
import type { StatisticsFacts } from "./catalog/statistics.ts";
import type { SubscriptionFacts } from "./catalog/subscription.ts";
import type { TableFacts } from "./catalog/table.ts";
import type {
  TextSearchConfigurationFacts,
  TextSearchDictionaryFacts,
  TextSearchParserFacts,
  TextSearchTemplateFacts,
} from "./catalog/text_search.ts";
import type { RuleFacts, TriggerFacts } from "./catalog/trigger.ts";
import type { MaterializedViewFacts, ViewFacts } from "./catalog/view.ts";

/** The facts of each kind. A reader can give no others, and a writer can ask for no others. */
export interface PostgresFacts {
  readonly "access method": AccessMethodFacts;
  readonly "aggregate": AggregateFacts;
  readonly "attribute": AttributeFacts;
  readonly "base type": BaseTypeFacts;
  readonly "cast": CastFacts;
  readonly "collation": CollationFacts;
  readonly "column": ColumnFacts;
  readonly "composite": CompositeFacts;
  readonly "constraint": ConstraintFacts;
  readonly "conversion": ConversionFacts;
  readonly "default": DefaultFacts;
  readonly "default privileges": DefaultPrivilegesFacts;
  readonly "domain": DomainFacts;
  readonly "domain constraint": DomainConstraintFacts;
  readonly "enum": EnumFacts;
  readonly "event trigger": EventTriggerFacts;
  readonly "extension": ExtensionFacts;
  readonly "extension privileges": ExtensionPrivilegesFacts;
  readonly "foreign data wrapper": ForeignDataWrapperFacts;
  readonly "foreign table": ForeignTableFacts;
  readonly "function": FunctionFacts;
  readonly "index": IndexFacts;
  readonly "language": LanguageFacts;
  readonly "materialized view": MaterializedViewFacts;
  readonly "operator": OperatorFacts;
  readonly "operator class": OperatorClassFacts;
  readonly "operator family": OperatorFamilyFacts;
  readonly "policy": PolicyFacts;
  readonly "procedure": FunctionFacts;
  readonly "publication": PublicationFacts;
  readonly "publication schema": Readonly<Record<never, never>>;
  readonly "publication table": PublicationTableFacts;
  readonly "range": RangeFacts;
  readonly "rule": RuleFacts;
  readonly "schema": CommonFacts;
  readonly "sequence": SequenceFacts;
  readonly "server": ServerFacts;
  readonly "shell type": CommonFacts;
  readonly "statistics": StatisticsFacts;
  readonly "subscription": SubscriptionFacts;
  readonly "table": TableFacts;
  readonly "text search configuration": TextSearchConfigurationFacts;
  readonly "text search dictionary": TextSearchDictionaryFacts;
  readonly "text search parser": TextSearchParserFacts;
  readonly "text search template": TextSearchTemplateFacts;
  readonly "transform": TransformFacts;
  readonly "trigger": TriggerFacts;
  readonly "user mapping": UserMappingFacts;
  readonly "view": ViewFacts;
}

/** A kind of object. */
export type Kind = keyof PostgresFacts;

/** Any object. Its kind tells its facts. */
export type PostgresObject = {
  [K in Kind]: Omit<SchemaObject, "kind" | "facts"> & {
    readonly kind: K;
    readonly facts: Plain<PostgresFacts[K]>;
  };
}[Kind];

/** An object of a kind, or of one of several. */
export type ObjectOf<K extends Kind> = Extract<PostgresObject, { readonly kind: K }>;

/** A column of a table, foreign table or view. */
export type Column = ObjectOf<"column">;
/** A constraint of a table or foreign table. */
export type Constraint = ObjectOf<"constraint">;
/** The default of a column. */
export type Default = ObjectOf<"default">;
/** An index that no constraint owns. */
export type Index = ObjectOf<"index">;
/** A sequence that is not that of an identity column. */
export type Sequence = ObjectOf<"sequence">;
/** A table: plain, partitioned, partition, child, typed. */
export type Table = ObjectOf<"table">;
/** What columns belong to. */
export type Relation = ObjectOf<"table" | "foreign table" | "view">;

/** An object of whatever kind that has some facts. */
export interface With<F> extends Omit<SchemaObject, "facts"> {
  readonly facts: F;
}

/** A snapshot of a Postgres database. */
export interface PostgresSnapshot extends Snapshot {
  readonly objects: ReadonlyMap<string, PostgresObject>;
  /** What the server brings along; absent for what no server holds. */
  readonly types?: ServerTypes;
}

/** What a kind can ask while it writes. */
export interface PostgresContext extends PlanContext {
  readonly from: PostgresSnapshot;
  readonly to: PostgresSnapshot;
  dependents(id: string): readonly PostgresObject[];
  members(snapshot: Snapshot, id: string): readonly PostgresObject[];
}

/** A change of an object of one kind; the facts that differ go by their names. */
export type ChangeOf<K extends Kind> =
  | Extract<Change, { op: "create" }> & { readonly after: ObjectOf<K> }
  | Extract<Change, { op: "drop" }> & { readonly before: ObjectOf<K> }
  | AlterOf<K>;

/** An alteration of an object of one kind, or of one of several. */
export type AlterOf<K extends Kind> = {
  [Each in K]: {
    readonly op: "alter";
    readonly kind: string;
    readonly id: string;
    readonly before: ObjectOf<Each>;
    readonly after: ObjectOf<Each>;
    readonly facts: readonly FactOf<Each>[];
  };
}[K];

/** The name of a fact of a kind, or `position`. */
export type FactOf<K extends Kind> =
  | { [Each in K]: keyof PostgresFacts[Each] & string }[K]
  | "position";

/** How one kind is written; the planner calls it with objects of that kind alone. */
export interface KindOf<K extends Kind> extends ObjectKind {
  readonly kind: K;
  inline?(member: ObjectOf<K>, parent: PostgresObject, to: PostgresSnapshot): boolean;
  reservedNames?(object: ObjectOf<K>): readonly string[];
  placedIn?(object: ObjectOf<K>): string | null;
  overlaps?(before: ObjectOf<K>, after: ObjectOf<K>): boolean;
  create(
    object: ObjectOf<K>,
    members: readonly PostgresObject[],
    context: PostgresContext,
  ): readonly PlannedStatement[];
  drop(object: ObjectOf<K>, context: PostgresContext): readonly PlannedStatement[];
  alter(change: AlterOf<K>, context: PostgresContext): Alteration | "replace";
  createdBefore?(object: ObjectOf<K>, context: PostgresContext): readonly string[];
  takesOver?(object: ObjectOf<K>, context: PostgresContext): readonly string[];
  preserveRows?(
    before: ObjectOf<K>,
    after: ObjectOf<K>,
    context: PostgresContext,
  ): PreservedRows | null;
  moveRows?(before: ObjectOf<K>, context: PostgresContext): PreservedRows | null;
  isFreed?(object: ObjectOf<K>, leaving: string, context: PostgresContext): boolean;
  alteredBy?(change: ChangeOf<K>, context: PostgresContext): string | null;
  mentions?(object: ObjectOf<K>): string | null;
  storesRowsOf?(object: ObjectOf<K>): readonly string[];
  followsRename?(object: ObjectOf<K>): boolean;
  isCompatible?(before: ObjectOf<K>, after: ObjectOf<K>): boolean;
  isSame?(before: ObjectOf<K>, after: ObjectOf<K>): boolean;
  move?(before: ObjectOf<K>, after: ObjectOf<K>): readonly PlannedStatement[];
  rename?(
    object: ObjectOf<K>,
    to: ObjectOf<K>,
    from: PostgresSnapshot,
  ): readonly PlannedStatement[];
}

/** A snapshot with the facts of its kinds. Throws an Error for one of another dialect, which is a bug. */
export function postgresSnapshot(snapshot: Snapshot): PostgresSnapshot {
  if (snapshot.dialect !== "postgres") throw new Error(`Cannot read ${snapshot.dialect} facts`);
  return snapshot as PostgresSnapshot;
}

/** The object with this id, where it is of one of the kinds. */
export function objectOf<K extends Kind>(
  snapshot: PostgresSnapshot,
  id: string | null,
  ...kinds: readonly K[]
): ObjectOf<K> | undefined {
  const object = id === null ? undefined : snapshot.objects.get(id);
  return object !== undefined && isOf(object, ...kinds) ? object : undefined;
}

/** The table with this id. */
export function tableOf(snapshot: PostgresSnapshot, id: string | null): Table | undefined {
  return objectOf(snapshot, id, "table");
}

/** The column with this id. */
export function columnOf(snapshot: PostgresSnapshot, id: string | null): Column | undefined {
  return objectOf(snapshot, id, "column");
}

/** The default of a column. */
export function defaultOf(
  snapshot: PostgresSnapshot,
  column: Pick<SchemaObject, "name">,
): Default | undefined {
  return objectOf(snapshot, `default:${column.name}`, "default");
}

/** True for an object of one of the kinds. */
export function isOf<K extends Kind>(
  object: PostgresObject,
  ...kinds: readonly K[]
): object is ObjectOf<K> {
  return (kinds as readonly Kind[]).includes(object.kind);
}

/** Objects of a snapshot whose parent is `id`, in position order, then by id. */
export function membersOf(snapshot: PostgresSnapshot, id: string): readonly PostgresObject[] {
  return (relationsOf(snapshot).members.get(id) ?? []) as readonly PostgresObject[];
}

/** Objects of a snapshot that need `id`, directly. */
export function dependentsOf(snapshot: PostgresSnapshot, id: string): readonly PostgresObject[] {
  return (relationsOf(snapshot).dependents.get(id) ?? []) as readonly PostgresObject[];
}
