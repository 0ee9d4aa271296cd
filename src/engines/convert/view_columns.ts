/** A query whose one row has the columns of a view, without a value, in every dialect; null for a name that is not plain. */
export function viewColumnsQuery(view: string): string | null {
  return /^[a-z_]\w*$/.test(view)
    ? `SELECT v.* FROM (SELECT 1 AS one) AS x LEFT JOIN ${view} AS v ON 1 = 0`
    : null;
}
