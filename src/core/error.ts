/** The errors that aim raises on purpose. Anything else that is thrown is a bug. */

import type { Place } from "./statement.ts";

/** Exit codes, one meaning each; `aim help exit-codes` prints them. */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 2,
  setup: 3,
  provider: 4,
  bug: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** What an error can tell besides its message. */
export interface ErrorDetails {
  /** What to do about it. */
  readonly hint?: string;
  /** Where the cause stands. */
  readonly place?: Place;
  /** The line of text at `place`, for the frame. */
  readonly source?: string;
  /** A stable word for the JSON contract: `schema-load`, `unknown-flag`. */
  readonly code?: string;
  readonly cause?: unknown;
}

/** An error with an exit code and a hint. Messages: a capital, no final period, the action and the quoted value. */
export class AimError extends Error {
  readonly exitCode: number;
  readonly code: string;
  readonly hint?: string;
  readonly place?: Place;
  readonly source?: string;

  constructor(message: string, exitCode: number, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.code = details.code ?? "error";
    this.hint = details.hint;
    this.place = details.place;
    this.source = details.source;
  }
}

/** The request is wrong: a flag, aim.toml, SQL that does not load. Exit 2. */
export class UsageError extends AimError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, EXIT.usage, { code: "usage", ...details });
  }
}

/** This machine cannot do it; the message lists every runtime's refusal. Exit 3. */
export class SetupError extends AimError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, EXIT.setup, { code: "setup", ...details });
  }
}

/** The model's provider failed. Exit 4. */
export class ProviderError extends AimError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, EXIT.provider, { code: "provider", ...details });
  }
}

/** What a database answers when it refuses a statement. Thrown by `Database.exec` and `query`. */
export class DatabaseError extends Error {
  /** SQLSTATE or the engine's own code; empty when there is none. */
  readonly code: string;
  /** Offset of the fault in the statement's text, in UTF-16 units from 0, where the server tells. */
  readonly offset?: number;
  readonly hint?: string;
  readonly detail?: string;
  /** Index of the refused statement among those that were sent together. */
  readonly statement?: number;

  constructor(
    message: string,
    details: {
      code?: string;
      offset?: number;
      hint?: string;
      detail?: string;
      statement?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "DatabaseError";
    this.code = details.code ?? "";
    this.offset = details.offset;
    this.hint = details.hint;
    this.detail = details.detail;
    this.statement = details.statement;
  }
}
