import { hideCredentials } from "../../base/words/credentials";
import { relativePath } from "./outputs";
import { messageOf } from "../../base/errors/message";

/**
 * An error's message as one line without absolute paths and credentials, fit for a state. Only its first line is kept (the tail of a log
 * may follow), and the named directories are written relative to the program's.
 *
 * @param directory the program's directory, absolute
 * @param named absolute directories that may occur in the message
 */
export function sentence(error: unknown, directory: string, named: readonly string[]): string {
  const message = hideCredentials(messageOf(error));
  const first = (message.split("\n")[0] ?? "").replace(/[,;:]? and ends:$/, "");
  return [...named]
    .sort((a, b) => b.length - a.length)
    .reduce((text, path) => text.replaceAll(path, relativePath(directory, path)), first)
    .replaceAll(`${directory}/`, "");
}
