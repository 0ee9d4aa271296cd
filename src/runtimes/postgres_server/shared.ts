/** What belongs to a whole server and not to one of its databases: roles, their members and settings. */

/** Remembers it and takes back what scripts did to it. */
export interface Shared {
  /** What there is now, as `restore` takes it. */
  read(): Promise<unknown>;
  /** A copy of the scratch database was made under this name. */
  saved(copy: string): Promise<void>;
  /** The scratch database is about to be dropped. */
  beforeDrop(): Promise<void>;
  /** The scratch database was made again from a copy (null: the empty one), and this is what there was then. */
  restore(state: unknown, copy: string | null): Promise<void>;
  /** A script is about to be run; absent where it is of no interest. */
  note?(sql: string): void;
}
