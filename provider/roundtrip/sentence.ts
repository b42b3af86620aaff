import { sep } from "node:path";

/**
 * An error's message as one line that can stand in a state: without absolute paths below a directory, and
 * without what follows its first line (the tail of a log). Pure.
 */
export function sentence(error: unknown, directory: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split("\n")[0] ?? "";
  return first.replaceAll(`${directory}${sep}`, "").replace(/[,;:]? and ends:$/, "");
}
