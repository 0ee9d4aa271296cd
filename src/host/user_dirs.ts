/** Where aim keeps what belongs to the user and not to a project. */

import { homedir, platform } from "node:os";
import { join } from "node:path";

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Folder of settings: `~/.config/aim`, under XDG_CONFIG_HOME when that is set; macOS and Windows have their own. */
export function configFolder(variables: Variables): string {
  const { XDG_CONFIG_HOME, APPDATA } = variables;
  if (XDG_CONFIG_HOME) return join(XDG_CONFIG_HOME, "aim");
  if (platform() === "darwin") {
    return join(home(variables), "Library", "Application Support", "aim");
  }
  if (platform() === "win32" && APPDATA) return join(APPDATA, "aim");
  return join(home(variables), ".config", "aim");
}

/** The file of keys. */
export function credentialsPath(variables: Variables): string {
  return join(configFolder(variables), "credentials.toml");
}

/** Folder of what can be found out again: `~/.cache/aim`. */
export function cacheFolder(variables: Variables): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = variables;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "aim");
  if (platform() === "darwin") return join(home(variables), "Library", "Caches", "aim");
  if (platform() === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "aim", "cache");
  return join(home(variables), ".cache", "aim");
}

/** Folder of what one run tells the next: `~/.local/state/aim`. */
export function stateFolder(variables: Variables): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = variables;
  if (XDG_STATE_HOME) return join(XDG_STATE_HOME, "aim");
  if (platform() === "darwin") {
    return join(home(variables), "Library", "Application Support", "aim", "state");
  }
  if (platform() === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "aim", "state");
  return join(home(variables), ".local", "state", "aim");
}

function home(variables: Variables): string {
  return variables.HOME || variables.USERPROFILE || homedir();
}
