/** Who plans a change, found as sqitch finds it. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readIni, type SqitchConf } from "./conf.ts";

/** Name and address: SQITCH_FULLNAME and SQITCH_EMAIL, sqitch's settings, git's, and then the account and the machine. */
export function planner(conf: SqitchConf): { readonly name: string; readonly email: string } {
  const { env } = process;
  const own = readIni(textOf(join(homedir(), ".sqitch", "sqitch.conf")));
  const account = accountName();
  const name = env["SQITCH_FULLNAME"] || conf.user.name || own.get("user.name") ||
    env["SQITCH_ORIG_FULLNAME"] || gitSetting("user.name") || account;
  const email = env["SQITCH_EMAIL"] || conf.user.email || own.get("user.email") ||
    env["SQITCH_ORIG_EMAIL"] || gitSetting("user.email") || `${account}@${hostname()}`;
  return { name, email };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function gitSetting(key: string): string {
  try {
    return execFileSync("git", ["config", "--get", key], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2000,
    }).trim();
  } catch {
    return "";
  }
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
