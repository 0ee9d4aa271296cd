/** The rules. */

import { lossyTypeChange } from "./lossy_type_change.ts";
import { statementFails } from "./statement_fails.ts";
import { mysqlImplicitZero } from "./mysql_implicit_zero.ts";
import { mysqlCopy } from "./mysql_copy.ts";
import { mysqlInplaceRebuild } from "./mysql_inplace_rebuild.ts";
import { mysqlNonAtomicMigration } from "./mysql_non_atomic_migration.ts";
import { mysqlColumnReorder } from "./mysql_column_reorder.ts";
import { mysqlInlineReferencesIgnored } from "./mysql_inline_references_ignored.ts";
import { mysqlAlgorithmNotAsserted } from "./mysql_algorithm_not_asserted.ts";
import { mismatchedFkType } from "./mismatched_fk_type.ts";
import { multipleForeignKeys } from "./multiple_foreign_keys.ts";
import { uncommittedTransaction } from "./uncommitted_transaction.ts";
import { addInheritanceColumn } from "./add_inheritance_column.ts";
import { preferRobustStmts } from "./prefer_robust_stmts.ts";
import { banFloat } from "./ban_float.ts";
import { unnamedConstraint } from "./unnamed_constraint.ts";
import { requireSchemaQualification } from "./require_schema_qualification.ts";
import { unloggedTable } from "./unlogged_table.ts";
import { createExtension } from "./create_extension.ts";
import { addRequiredColumn } from "./add_required_column.ts";
import { banChar } from "./ban_char.ts";
import { banMoney } from "./ban_money.ts";
import { checkMayFail } from "./check_may_fail.ts";
import { checkValidatesExistingRows } from "./check_validates_existing_rows.ts";
import { columnTypeChange } from "./column_type_change.ts";
import { dmlWithoutWhere } from "./dml_without_where.ts";
import { dropAddLooksLikeRename } from "./drop_add_looks_like_rename.ts";
import { dropColumn } from "./drop_column.ts";
import { dropColumnDropsDependents } from "./drop_column_drops_dependents.ts";
import { dropConstraint } from "./drop_constraint.ts";
import { dropNotNull } from "./drop_not_null.ts";
import { dropSchemaOrDatabase } from "./drop_schema_or_database.ts";
import { dropTable } from "./drop_table.ts";
import { fkMayFail } from "./fk_may_fail.ts";
import { fkMissingIndex } from "./fk_missing_index.ts";
import { fkValidatesExistingRows } from "./fk_validates_existing_rows.ts";
import { identifierTooLong } from "./identifier_too_long.ts";
import { indexNotConcurrent } from "./index_not_concurrent.ts";
import { locksOtherTable } from "./locks_other_table.ts";
import { mergeAlterTable } from "./merge_alter_table.ts";
import { missingLockTimeout } from "./missing_lock_timeout.ts";
import { notNullMayFail } from "./not_null_may_fail.ts";
import { pgAttachPartitionScan } from "./pg_attach_partition_scan.ts";
import { pgCluster } from "./pg_cluster.ts";
import { pgConcurrentlyInTransaction } from "./pg_concurrently_in_transaction.ts";
import { pgDetachPartitionNotConcurrent } from "./pg_detach_partition_not_concurrent.ts";
import { pgDisableTrigger } from "./pg_disable_trigger.ts";
import { pgDomainConstraint } from "./pg_domain_constraint.ts";
import { pgDropIndexNotConcurrent } from "./pg_drop_index_not_concurrent.ts";
import { pgEnumNewValueSameTx } from "./pg_enum_new_value_same_tx.ts";
import { pgEnumValueOrdering } from "./pg_enum_value_ordering.ts";
import { pgExclusionConstraint } from "./pg_exclusion_constraint.ts";
import { pgJsonColumn } from "./pg_json_column.ts";
import { pgPkWithoutUsingIndex } from "./pg_pk_without_using_index.ts";
import { pgRefreshMatviewBlocking } from "./pg_refresh_matview_blocking.ts";
import { pgReindexNotConcurrent } from "./pg_reindex_not_concurrent.ts";
import { pgStatementWhileHoldingExclusiveLock } from "./pg_statement_while_holding_exclusive_lock.ts";
import { pgUniqueWithoutUsingIndex } from "./pg_unique_without_using_index.ts";
import { pgVacuumFull } from "./pg_vacuum_full.ts";
import { pgValidateSameTx } from "./pg_validate_same_tx.ts";
import { pgVolatileDefault } from "./pg_volatile_default.ts";
import { preferBigintPk } from "./prefer_bigint_pk.ts";
import { preferIdentity } from "./prefer_identity.ts";
import { preferText } from "./prefer_text.ts";
import { preferTimestamptz } from "./prefer_timestamptz.ts";
import { redundantIndex } from "./redundant_index.ts";
import { renameColumn } from "./rename_column.ts";
import { renameEnumValue } from "./rename_enum_value.ts";
import { renameSchema } from "./rename_schema.ts";
import { renameTable } from "./rename_table.ts";
import { setNotNullScan } from "./set_not_null_scan.ts";
import { tableRewrite } from "./table_rewrite.ts";
import { pgLockUpgrade } from "./pg_lock_upgrade.ts";
import { policyComment } from "./policy_comment.ts";
import { policyDown } from "./policy_down.ts";
import { policyForbidden } from "./policy_forbidden.ts";
import { policyMixed } from "./policy_mixed.ts";
import { policyName } from "./policy_name.ts";
import { tableWithoutPk } from "./table_without_pk.ts";
import { transactionNesting } from "./transaction_nesting.ts";
import { truncate } from "./truncate.ts";
import { typeCastMayFail } from "./type_cast_may_fail.ts";
import { uniqueMayFail } from "./unique_may_fail.ts";
import { wideIndex } from "./wide_index.ts";
import type { Rule } from "./rule.ts";
import { sqliteAddColumnRestriction } from "./sqlite_add_column_restriction.ts";
import { sqliteDropColumnRestriction } from "./sqlite_drop_column_restriction.ts";
import { sqliteRebuildFkCascade } from "./sqlite_rebuild_fk_cascade.ts";
import { sqliteRebuildWrongOrder } from "./sqlite_rebuild_wrong_order.ts";

/** All rules, worst first, those that are asked for at the end. */
export const RULES: readonly Rule[] = [
  statementFails,
  lossyTypeChange,
  mysqlImplicitZero,
  dropColumn,
  sqliteRebuildFkCascade,
  sqliteRebuildWrongOrder,
  sqliteAddColumnRestriction,
  sqliteDropColumnRestriction,
  tableRewrite,
  indexNotConcurrent,
  dropTable,
  dropSchemaOrDatabase,
  truncate,
  dropAddLooksLikeRename,
  addRequiredColumn,
  pgConcurrentlyInTransaction,
  pgEnumNewValueSameTx,
  pgVolatileDefault,
  pgValidateSameTx,
  pgLockUpgrade,
  pgUniqueWithoutUsingIndex,
  pgPkWithoutUsingIndex,
  pgExclusionConstraint,
  pgVacuumFull,
  pgCluster,
  missingLockTimeout,
  notNullMayFail,
  uniqueMayFail,
  fkMayFail,
  checkMayFail,
  typeCastMayFail,
  dmlWithoutWhere,
  setNotNullScan,
  checkValidatesExistingRows,
  fkValidatesExistingRows,
  pgStatementWhileHoldingExclusiveLock,
  locksOtherTable,
  pgDropIndexNotConcurrent,
  pgReindexNotConcurrent,
  pgRefreshMatviewBlocking,
  pgAttachPartitionScan,
  pgDetachPartitionNotConcurrent,
  pgDomainConstraint,
  renameColumn,
  renameTable,
  renameEnumValue,
  renameSchema,
  columnTypeChange,
  dropConstraint,
  dropColumnDropsDependents,
  pgJsonColumn,
  pgDisableTrigger,
  identifierTooLong,
  dropNotNull,
  pgEnumValueOrdering,
  transactionNesting,
  mysqlCopy,
  mysqlInplaceRebuild,
  mysqlNonAtomicMigration,
  mysqlColumnReorder,
  mysqlInlineReferencesIgnored,
  mysqlAlgorithmNotAsserted,
  mismatchedFkType,
  multipleForeignKeys,
  uncommittedTransaction,
  fkMissingIndex,
  mergeAlterTable,
  policyComment,
  policyDown,
  policyForbidden,
  policyMixed,
  policyName,
  tableWithoutPk,
  preferText,
  banChar,
  preferTimestamptz,
  preferBigintPk,
  preferIdentity,
  banMoney,
  wideIndex,
  redundantIndex,
  addInheritanceColumn,
  preferRobustStmts,
  banFloat,
  unnamedConstraint,
  requireSchemaQualification,
  unloggedTable,
  createExtension,
];
