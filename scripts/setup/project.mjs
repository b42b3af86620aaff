import { join } from "node:path";

/** The project's root folder: the one with package.json and Pulumi.yaml. */
export const PROJECT = join(import.meta.dirname, "..", "..");

/**
 * What the set-up and the quickstart keep inside the project: Pulumi's state, the quickstart's work tree, stamps. Not
 * under version control; may be removed at any time, at the price of the quickstart's stack.
 */
export const stateFolder = (project = PROJECT) => join(project, ".state");
