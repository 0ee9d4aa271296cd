/** The flag that answers a choice. */

/** `--answer 'fill:public.users.email=expression=now()'`, quoted for a shell where needed. */
export function answerFlag(choice: string, option: string, expression?: string): string {
  const answer = `${choice}=${option}${expression === undefined ? "" : `=${expression}`}`;
  return /^[\w.:=/@%+,-]+$/.test(answer)
    ? `--answer ${answer}`
    : `--answer '${answer.replaceAll("'", `'\\''`)}'`;
}
