/** All readers of the Postgres catalog. */

import { aggregates } from "./aggregates.ts";
import { baseTypes } from "./base_types.ts";
import { casts } from "./casts.ts";
import { collations, conversions } from "./collations.ts";
import { columns } from "./columns.ts";
import { composites } from "./composites.ts";
import { constraints } from "./constraints.ts";
import { defaultPrivileges } from "./default_privileges.ts";
import { domains } from "./domains.ts";
import { enums } from "./enums.ts";
import { eventTriggers } from "./event_triggers.ts";
import { extensionPrivileges } from "./extension_privileges.ts";
import { foreignDataWrappers, foreignTables, servers, userMappings } from "./foreign_data.ts";
import { functions } from "./functions.ts";
import { indexes } from "./indexes.ts";
import { accessMethods, languages, transforms } from "./languages.ts";
import { operatorClasses, operatorFamilies, operators } from "./operators.ts";
import { policies } from "./policies.ts";
import { publications } from "./publications.ts";
import { ranges } from "./ranges.ts";
import type { Reader } from "./reader.ts";
import { extensions, schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { statistics } from "./statistics.ts";
import { subscriptions } from "./subscriptions.ts";
import { tables } from "./tables.ts";
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
} from "./text_search.ts";
import { rules, triggers } from "./triggers.ts";
import { views } from "./views.ts";

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
