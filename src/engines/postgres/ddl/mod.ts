/** All kinds of Postgres objects that can be planned. */

import type { ObjectKind } from "../../object_kind.ts";
import { aggregate } from "./routine/aggregate.ts";
import { functionKind, procedureKind } from "./routine/function.ts";
import { accessMethod, language, transform } from "./routine/language.ts";
import { operator } from "./routine/operator.ts";
import { operatorClass, operatorFamily } from "./routine/operator_class.ts";
import { defaultPrivileges } from "./server/default_privileges.ts";
import { eventTrigger } from "./server/event_trigger.ts";
import { extensions } from "./server/extension.ts";
import { extensionPrivileges } from "./server/extension_privileges.ts";
import { foreignDataWrapper, server, userMapping } from "./server/foreign_data.ts";
import { publication, publicationSchema, publicationTable } from "./server/publication.ts";
import { schemas } from "./server/schema.ts";
import { subscription } from "./server/subscription.ts";
import {
  textSearchConfiguration,
  textSearchDictionary,
  textSearchParser,
  textSearchTemplate,
} from "./server/text_search.ts";
import { columns } from "./table/column/column.ts";
import { defaults } from "./table/column/default.ts";
import { foreignTable } from "./table/foreign_table.ts";
import { constraints } from "./table/key/constraint.ts";
import { indexes } from "./table/key/index_kind.ts";
import { policies } from "./table/policy.ts";
import { rules } from "./table/rule.ts";
import { sequences } from "./table/sequence.ts";
import { statistics } from "./table/statistics.ts";
import { tables } from "./table/table.ts";
import { triggers } from "./table/trigger.ts";
import { baseType, shellType } from "./type/base_type.ts";
import { cast } from "./type/cast.ts";
import { collation, conversion } from "./type/collation.ts";
import { attribute, composite } from "./type/composite.ts";
import { domain, domainConstraint } from "./type/domain.ts";
import { enumType } from "./type/enum.ts";
import { range } from "./type/range.ts";
import { materializedView } from "./view/materialized_view.ts";
import { view } from "./view/view.ts";

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
