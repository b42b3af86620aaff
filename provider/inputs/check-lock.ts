import { access, constants, stat } from "node:fs/promises";
import { dirname, isAbsolute, relative, sep } from "node:path";
import type { InputFailure } from "./failure";
import type { BuildPlan } from "./image-inputs";

/**
 * A committed lock stands in the program's directory, in a folder that exists. The folder has to be writable, unless the lock
 * is frozen.
 *
 * @param directory the program's
 */
export async function checkLockPlace(
  { lock, root }: Readonly<Partial<BuildPlan>>,
  directory: string,
  frozen: boolean,
): Promise<InputFailure[]> {
  if (lock === undefined || lock === null) return [];
  const failed = (reason: string): InputFailure[] => [{ property: "lock", reason }];
  if (!isInside(directory, lock))
    return failed(
      `${lock} is outside the program's directory ${directory}; give a file inside it, which is committed with the program`,
    );
  if (root !== undefined && isInside(root, lock))
    return failed(
      `${lock} is in the artifact store ${root}; give a file beside your program, which is committed with it`,
    );
  const facts = await stat(lock).catch(() => null);
  if (facts !== null && !facts.isFile())
    return failed(`${lock} is not a file; give the path of a lock file, such as web-app.lock`);
  const folder = dirname(lock);
  if ((await stat(folder).catch(() => null))?.isDirectory() !== true)
    return failed(`the folder ${folder} does not exist; make it, or give a lock file in another one`);
  if (frozen) return [];
  return await access(folder, constants.W_OK | constants.X_OK).then(
    () => [],
    () =>
      failed(
        `the folder ${folder} is not writable, so the lock can't be written; change its permissions, or set frozenLock: true`,
      ),
  );
}

function isInside(directory: string, path: string): boolean {
  const from = relative(directory, path);
  return from !== "" && from !== ".." && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

/** Whether a lock that does not fit is refused: as the input says, or else where the environment sets `CI`. */
export function isFrozen(
  frozenLock: boolean | null | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { CI: ci = "" } = environment;
  return frozenLock ?? (ci !== "" && ci !== "false" && ci !== "0");
}
