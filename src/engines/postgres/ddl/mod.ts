/** All kinds of Postgres objects that can be planned. */

import type { ObjectKind } from "../../object_kind.ts";
import { aggregate } from "./aggregate.ts";
import { baseType, shellType } from "./base_type.ts";
import { cast } from "./cast.ts";
import { collation, conversion } from "./collation.ts";
import { columns } from "./columns.ts";
import { attribute, composite } from "./composite.ts";
import { constraints } from "./constraints.ts";
import { defaultPrivileges } from "./default_privileges.ts";
import { defaults } from "./defaults.ts";
import { domain, domainConstraint } from "./domain.ts";
import { enumType } from "./enum.ts";
import { eventTrigger } from "./event_trigger.ts";
import { extensionPrivileges } from "./extension_privileges.ts";
import { extensions } from "./extensions.ts";
import { foreignDataWrapper, server, userMapping } from "./foreign_data.ts";
import { foreignTable } from "./foreign_table.ts";
import { functionKind, procedureKind } from "./function.ts";
import { indexes } from "./indexes.ts";
import { accessMethod, language, transform } from "./language.ts";
import { materializedView } from "./materialized_view.ts";
import { operator } from "./operator.ts";
import { operatorClass, operatorFamily } from "./operator_class.ts";
import { policies } from "./policies.ts";
import { publication, publicationSchema, publicationTable } from "./publication.ts";
import { range } from "./range.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { statistics } from "./statistics.ts";
import { subscription } from "./subscription.ts";
import { tables } from "./tables.ts";
import {
  textSearchConfiguration,
  textSearchDictionary,
  textSearchParser,
  textSearchTemplate,
} from "./text_search.ts";
import { triggers } from "./triggers.ts";
import { view } from "./view.ts";

/** In no particular order; each says its rank. */
export const KINDS: readonly ObjectKind[] = [
  schemas,
  extensions,
  tables,
  columns,
  defaults,
  sequences,
  constraints,
  indexes,
  statistics,
  triggers,
  rules,
  policies,
  accessMethod,
  language,
  collation,
  enumType,
  baseType,
  shellType,
  domain,
  domainConstraint,
  composite,
  attribute,
  range,
  functionKind,
  procedureKind,
  aggregate,
  foreignDataWrapper,
  server,
  userMapping,
  foreignTable,
  cast,
  operator,
  operatorFamily,
  operatorClass,
  conversion,
  transform,
  textSearchParser,
  textSearchTemplate,
  textSearchDictionary,
  textSearchConfiguration,
  view,
  materializedView,
  publication,
  publicationTable,
  publicationSchema,
  subscription,
  defaultPrivileges,
  extensionPrivileges,
  eventTrigger,
];
