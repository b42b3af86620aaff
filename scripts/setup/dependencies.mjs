import { existsSync } from "node:fs";
import { join } from "node:path";
import { propertiesOf, readJson } from "./files.mjs";
import { SetupError } from "./failure.mjs";
import { run } from "./run.mjs";

/**
 * Whether what npm installed is what the lock file asks for, from the two files that npm writes: every package that is
 * installed is in the lock file with the same version and integrity, and every package of the lock file is installed,
 * except optional ones (npm leaves out those for other platforms).
 * @param {Record<string, unknown>} lock package-lock.json
 * @param {Record<string, unknown>} installed node_modules/.package-lock.json
 * @param {(path: string) => boolean} exists whether a path of the lock file (`node_modules/zod`) is there
 * @returns {string | null} null when in step; otherwise the first difference, in words
 */
export function outOfStep(lock, installed, exists) {
  const [wanted, present] = [propertiesOf(lock.packages), propertiesOf(installed.packages)];
  delete wanted[""];
  for (const path of Object.keys({ ...present, ...wanted })) {
    const [is, should] = [propertiesOf(present[path]), propertiesOf(wanted[path])];
    const [version, wantedVersion] = [String(is.version), String(should.version)];
    if (!(path in wanted)) return `${path} is not in package-lock.json`;
    if (!(path in present) && (should.optional || should.devOptional)) continue;
    if (!(path in present)) return `${path} is not installed`;
    if (version !== wantedVersion) return `${path} is ${version}, not ${wantedVersion}`;
    if (is.integrity !== should.integrity) return `${path} has another integrity`;
    if (!exists(path)) return `${path} is missing`;
  }
  return null;
}

/**
 * Installs the npm dependencies exactly as package-lock.json names them, unless they are there already.
 * Development dependencies are always included: the compiler is one of them. Install scripts of packages don't run:
 * nothing here needs them, and that of @pulumi/command downloads its plugin wherever there is a Pulumi CLI.
 * @type {(context: Context) => Promise<Outcome>}
 */
export async function dependencies(context) {
  const { project, log, say } = context;
  const lock = readJson(join(project, "package-lock.json"));
  const restore = `There is no package-lock.json in ${project}: restore it from version control.`;
  if (!lock) throw new SetupError(restore);
  const installed = readJson(join(project, "node_modules", ".package-lock.json"));
  const exists = (/** @type {string} */ path) => existsSync(join(project, path));
  const why = installed ? outOfStep(lock, installed, exists) : "there is no node_modules";
  if (why === null) return { text: "found", detail: "in step with package-lock.json" };
  say(`installing with npm ci: ${why} (log: ${log})`);
  const install = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm ci", "npm", install, { ...context, cwd: project });
  return { text: "installed with npm ci" };
}
