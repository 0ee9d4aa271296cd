/** The completion script of PowerShell, 5.1 and later. */

import type { Command } from "../command.ts";
import {
  COMMON,
  type CompletionWords,
  flagsOf,
  type Offered,
  offered,
  spellings,
  valueOf,
} from "./words.ts";

/** A native completer: words by command and by flag, in tables. Files stay with the shell, which offers them where nothing is said. */
export function powershell(commands: readonly Command[], words: CompletionWords): string {
  const all = [...COMMON, ...commands.flatMap(({ flags }) => flags)];
  const valued = all.filter(({ value }) => value !== undefined)
    .flatMap((flag) => spellings(flag).map((name) => ({ name, offers: valueOf(flag, words) })));
  // Keys of PowerShell's tables have no case: `-C` and `-c` are one.
  const values = new Map(valued.map((each) => [each.name.toLowerCase(), each]));
  return `# PowerShell completion for aim
Register-ArgumentCompleter -Native -CommandName 'aim', 'aim.exe' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = [ordered]@{
${commands.map(({ name, summary }) => `    ${quoted(name)} = ${quoted(summary)}`).join("\n")}
  }
  $values = @{
${[...values.values()].map(({ name, offers }) => row(name, offers)).join("\n")}
  }
  $flags = @{
${row("", COMMON.flatMap(spellings))}
${commands.map((command) => row(command.name, flagsOf(command).flatMap(spellings))).join("\n")}
  }
  $arguments = @{
${
    commands.map((command) => row(command.name, offered(command.arguments?.[0]?.completes, words)))
      .join("\n")
  }
  }
  $command = ''
  $previous = ''
  foreach ($element in @($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete -ne '') { break }
    $word = $element.Extent.Text
    if ($command -eq '' -and -not $word.StartsWith('-') -and -not $values.ContainsKey($previous)) { $command = $word }
    $previous = $word
  }
  if ($values.ContainsKey($previous)) { $offered = $values[$previous] }
  elseif ($wordToComplete.StartsWith('-')) { $offered = $flags[$command] }
  elseif ($command -eq '') { $offered = @($commands.Keys) }
  else { $offered = $arguments[$command] }
  foreach ($word in @($offered | Where-Object { $_ -like "$wordToComplete*" })) {
    $about = if ($command -eq '' -and $commands.Contains($word)) { $commands[$word] } else { $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
  }
}
`;
}

/** A row of a table of words. */
function row(name: string, value: Offered): string {
  const list = Array.isArray(value) ? value.map(quoted).join(", ") : "";
  return `    ${quoted(name)} = @(${list})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
