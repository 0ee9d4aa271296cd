/** A query over rows, and what it must give. */
export interface RowCheck {
  readonly name: string;
  /** Runs before UP and after DOWN, and after UP as well where `after` is absent. Empty for what is only looked at after UP. */
  readonly sql: string;
  /** Runs after UP in place of `sql`, where the schema is another one then. */
  readonly after?: string;
  /** A value as text, or `same` for what it gave before UP. */
  readonly expect: string;
}
