import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** The module that the provider stubs load in the provider's process. */
const PROVIDER = "pulumi-verified-images/provider";

/** Whether the provider's process, which runs in the program's directory, can load this package from there. */
export function isWithinReach(directory: string): boolean {
  try {
    createRequire(join(directory, "index.js")).resolve(PROVIDER);
    return true;
  } catch {
    return false;
  }
}

let warned = false;

/**
 * Warns, once in a program, when the provider's process will not find this package. Pulumi itself would only show a stack
 * trace with "Cannot find module".
 */
export function warnOutOfReach(directory: string = process.cwd()): void {
  if (warned || isWithinReach(directory)) return;
  warned = true;
  void pulumi.log.warn(
    "pulumi-verified-images can't be found from this program's folder, where Pulumi's provider process looks for it: " +
      "add it to the dependencies in this program's package.json, also when another package depends on it",
  );
}
