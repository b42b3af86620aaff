import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder of its own for each test of a group: gives the path of what is in it, or its own. */
export function ownFolder(): (...path: string[]) => string {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "unit-tests-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return (...path) => join(folder, ...path);
}
