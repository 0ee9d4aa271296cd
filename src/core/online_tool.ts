/** A program that changes a large table by copying it beside its users. */

/** What it would be called with, and what stands in its way. */
export interface OnlineTool {
  readonly tool: string;
  /** For a shell; what only the user knows stands in variables. */
  readonly command: string;
  /** Why it cannot do it; empty where it can. */
  readonly refusals: readonly string[];
}
