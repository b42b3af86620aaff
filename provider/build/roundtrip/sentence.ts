import { relativePath } from "./outputs";
import { messageOf } from "../../base/errors/message";

/**
 * An error's message as one line that can stand in a state: without what follows its first line (the tail of
 * a log), and with the named directories written relative to the program's.
 *
 * @param directory the program's directory, absolute
 * @param named absolute directories that the message may be about
 */
export function sentence(error: unknown, directory: string, named: readonly string[]): string {
  const message = messageOf(error);
  const first = (message.split("\n")[0] ?? "").replace(/[,;:]? and ends:$/, "");
  return [...named]
    .sort((a, b) => b.length - a.length)
    .reduce((text, path) => text.replaceAll(path, relativePath(directory, path)), first)
    .replaceAll(`${directory}/`, "");
}
