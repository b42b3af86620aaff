import type { Lock } from "../../../provider/packages/lock/types";

/** `<ecosystem>:<name>` (and ` [stage <name>]`) of every package in a lock, with its version. */
export function versionsIn(lock: Lock): Record<string, string> {
  return Object.fromEntries(
    lock.packages.map(({ ecosystem, name, version, stage }) => [
      `${ecosystem}:${name}${stage === undefined ? "" : ` [stage ${stage}]`}`,
      version,
    ]),
  );
}
