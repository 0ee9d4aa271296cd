import type { Config } from "../../src/config/config.ts";

/** Settings for a project that has no files. */
export function testConfig(engine: string, format: string): Config {
  return {
    engine,
    format,
    schema: ["/nowhere/schema.sql"],
    migrations: "/nowhere/migrations",
    maxRetries: 0,
    maxTokens: 0,
    model: null,
    context: null,
    runtime: null,
    statementTimeout: 60_000,
    memoryLimit: 2 * 1024 ** 3,
    columnOrder: "ignore",
    before: [],
    searchPath: null,
    ignoreTables: [],
    ignoreSchemas: [],
    registered: { functions: [], collations: [] },
    flywayPlaceholders: {},
    gooseEnv: {},
    generator: "planner",
    maxCostUsd: null,
    llmTimeout: 60,
    baseUrl: null,
    apiKeyCommand: null,
    provenance: false,
    answers: {},
    prices: {},
    root: "/nowhere",
    file: null,
    outputMode: "auto",
    contextTokens: null,
    sources: {},
  };
}
