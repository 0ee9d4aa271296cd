/** All readers of the Postgres catalog. */

import { aggregates } from "./aggregate.ts";
import { baseTypes } from "./base_type.ts";
import { casts } from "./cast.ts";
import { collations, conversions } from "./collation.ts";
import { columns } from "./column.ts";
import { composites } from "./composite.ts";
import { constraints } from "./constraint.ts";
import { defaultPrivileges } from "./default_privileges.ts";
import { domains } from "./domain.ts";
import { enums } from "./enum.ts";
import { eventTriggers } from "./event_trigger.ts";
import { extensionPrivileges } from "./extension_privileges.ts";
import { foreignDataWrappers, foreignTables, servers, userMappings } from "./foreign_data.ts";
import { functions } from "./function.ts";
import { indexes } from "./index_kind.ts";
import { accessMethods, languages, transforms } from "./language.ts";
import { operatorClasses, operatorFamilies, operators } from "./operator.ts";
import { policies } from "./policy.ts";
import { publications } from "./publication.ts";
import { ranges } from "./range.ts";
import type { Reader } from "./reader.ts";
import { extensions, schemas } from "./schema.ts";
import { sequences } from "./sequence.ts";
import { statistics } from "./statistics.ts";
import { subscriptions } from "./subscription.ts";
import { tables } from "./table.ts";
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
} from "./text_search.ts";
import { rules, triggers } from "./trigger.ts";
import { views } from "./view.ts";

/** All readers, one a catalog. */
// deno-lint-ignore no-explicit-any -- each reader knows the shape of its own rows
export const READERS: readonly Reader<any>[] = [
  schemas,
  extensions,
  tables,
  columns,
  sequences,
  constraints,
  indexes,
  statistics,
  triggers,
  rules,
  policies,
  aggregates,
  baseTypes,
  casts,
  collations,
  conversions,
  composites,
  defaultPrivileges,
  domains,
  enums,
  eventTriggers,
  extensionPrivileges,
  foreignDataWrappers,
  foreignTables,
  servers,
  userMappings,
  functions,
  accessMethods,
  languages,
  transforms,
  operatorClasses,
  operatorFamilies,
  operators,
  publications,
  subscriptions,
  ranges,
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
  views,
];
