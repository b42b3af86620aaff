import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { stateFolder } from "./project.mjs";

/**
 * Does some work on the project's own folders while no other set-up of the same project does.
 * @template T
 * @param {{project: string, signal: AbortSignal}} context
 * @param {string} name what is worked on: one lock each
 * @param {(text: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function withProjectLock({ project, signal }, name, say, work) {
  const onWait = (pid) => say(`waiting for the set-up of process ${pid}`);
  return withLock(join(stateFolder(project), "locks", name), work, { signal, onWait });
}
