/** The environment of a command that reads models: what programs need to run, and no keys. */

import { platform } from "node:os";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Names that every command gets: paths, the language, and where tools of languages keep what they fetched. */
const PASSED = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "TEMP",
  "TMP",
  "LANG",
  "LANGUAGE",
  "TZ",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
  "PYTHONPATH",
  "PYTHONHOME",
  "DJANGO_SETTINGS_MODULE",
  "DJANGO_CONFIGURATION",
  "NODE_PATH",
  "NVM_DIR",
  "VOLTA_HOME",
  "PNPM_HOME",
  "BUN_INSTALL",
  "DENO_DIR",
  "GOPATH",
  "GOROOT",
  "GOCACHE",
  "GOMODCACHE",
  "GOTOOLCHAIN",
  "GOFLAGS",
  "GOPROXY",
  "GOPRIVATE",
  "CGO_ENABLED",
  "GOTMPDIR",
  "JAVA_HOME",
  "M2_HOME",
  "MAVEN_HOME",
  "GRADLE_USER_HOME",
  "GEM_HOME",
  "GEM_PATH",
  "BUNDLE_GEMFILE",
  "BUNDLE_PATH",
  "RBENV_ROOT",
  "RAILS_ENV",
  "ASDF_DIR",
  "ASDF_DATA_DIR",
  "MISE_DATA_DIR",
  "DOTNET_ROOT",
]);

/** What programs of Windows do not start without. */
const PASSED_ON_WINDOWS = new Set([
  "SYSTEMROOT",
  "WINDIR",
  "COMSPEC",
  "PATHEXT",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMDATA",
  "PROGRAMFILES",
]);

/** Keys of language models and of aim itself, which no command of a project is given, named or not. */
const NEVER =
  /^AIM_|(?:ANTHROPIC|OPENAI|GEMINI|GOOGLE|MISTRAL|GROQ|DEEPSEEK|XAI|OPENROUTER|TOGETHER|CEREBRAS|FIREWORKS).*(?:KEY|TOKEN)$/i;

/** How the environment of a command is made. */
export interface EnvironmentOptions {
  readonly variables: Variables;
  /** Names that it gets besides the usual ones. */
  readonly pass: readonly string[];
  /** Variables of its own, which go over all others. */
  readonly own: Readonly<Record<string, string>>;
}

/** The variables of a command. */
export function commandEnvironment(
  { variables, pass, own }: EnvironmentOptions,
): Record<string, string> {
  const wanted = new Set(pass);
  const isWindows = platform() === "win32";
  const kept = Object.entries(variables).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isUsual = PASSED.has(name) || name.startsWith("LC_") ||
      isWindows && (PASSED.has(name.toUpperCase()) || PASSED_ON_WINDOWS.has(name.toUpperCase()));
    return isUsual || wanted.has(name) && !isForbidden(name) ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(kept), NO_COLOR: "1", ...own };
}

/** True for a variable that no command of a project is given. */
export function isForbidden(name: string): boolean {
  return NEVER.test(name);
}
