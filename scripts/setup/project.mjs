import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder: the one with package.json and Pulumi.yaml. */
export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * What the set-up and the quickstart keep inside the project: Pulumi's state, the quickstart's work tree, stamps. Not
 * under version control; may be removed at any time, at the price of the quickstart's stack.
 */
export function stateFolder(project = PROJECT) {
  return join(project, ".state");
}
