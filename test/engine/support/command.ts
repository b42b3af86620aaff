import { join } from "node:path";
import { runChild, type ChildResult } from "../../support/child";

/** Compiled, as its users run it; the set-up of the tests makes it. */
export const MAIN = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

/** Settings of whoever runs the tests are none of theirs. */
const OWN = /^(?:VERIFIED_IMAGES_|EXPECTED_REVISION$)/;

/** Runs `verified-images` in a process of its own, in a directory, with these variables beside the usual ones. */
export function command(
  directory: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ChildResult> {
  const usual = Object.entries(process.env).filter(([name]) => !OWN.test(name));
  return runChild(process.execPath, [MAIN, ...words], {
    cwd: directory,
    env: { ...Object.fromEntries(usual), ...env },
    timeoutMs: 120_000,
  });
}
