/** What compares our reading of a script with its server's. */

/** A judge of one dialect; it may hold a server. */
export interface Judge extends AsyncDisposable {
  /** How the two readings differ, or null where they do not. */
  differs(text: string): Promise<string | null>;
}
