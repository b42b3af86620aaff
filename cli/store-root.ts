import { stat } from "node:fs/promises";
import { InputError } from "../provider/inputs/failure";
import { StoreError } from "../provider/base/errors/store-error";
import { findBuild, type FoundBuild } from "../provider/store/find-image";
import type { World } from "./world";

export const ROOT_VARIABLE = "VERIFIED_IMAGES_ROOT";

/** The store's directory from the flag, else from the environment; an empty text counts as not given. */
export function givenRoot(flag: string | undefined, env: World["env"]): string | undefined {
  const root = flag ?? env[ROOT_VARIABLE];
  return root === "" ? undefined : root;
}

/**
 * The same, for a command that needs a store.
 *
 * @throws {InputError} when neither is given
 */
export function neededRoot(flag: string | undefined, env: World["env"]): string {
  const root = givenRoot(flag, env);
  if (root !== undefined) return root;
  const reason = `is missing; give the artifact store's directory with --root or ${ROOT_VARIABLE}`;
  throw new InputError([{ property: "root", reason }]);
}

/**
 * The same, for a command that needs a store that exists.
 *
 * @throws {StoreError} when there is no such directory
 */
export async function existingRoot(flag: string | undefined, env: World["env"]): Promise<string> {
  const root = neededRoot(flag, env);
  const facts = await stat(root).catch(() => null);
  if (facts?.isDirectory() === true) return root;
  throw new StoreError(`there is no artifact store at ${root}; it is made by the first build`, root);
}

/**
 * A build of the store.
 *
 * @param timestamp default: the latest
 * @throws {InputError} when the store has no such build
 */
export async function neededBuild(root: string, name: string, timestamp = "latest"): Promise<FoundBuild> {
  // A colon in the name would change where the timestamp begins.
  const found = name.includes(":") ? null : await findBuild(root, `${name}:${timestamp}`);
  if (found !== null) return found;
  const reason = `the store ${root} has no build ${name}:${timestamp}; verified-images list shows those it has`;
  throw new InputError([{ property: "name", reason }]);
}
