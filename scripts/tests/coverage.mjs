import { rmSync } from "node:fs";
import { join } from "node:path";
import { propertiesOf, readJson } from "../setup/files.mjs";
import { runScript } from "./child.mjs";

/**
 * One line on how much of the sources (those in `.c8rc.json`) the unit tests ran, of what V8 wrote to a folder, which is
 * removed.
 * @param {string} project
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder that `NODE_V8_COVERAGE` named
 */
export async function coverageLine(project, env, folder) {
  const command = [
    "c8/bin/c8.js",
    "report",
    ...["--temp-directory", folder],
    ...["--reports-dir", folder],
    ...["--reporter", "json-summary"],
    "--check-coverage=false",
  ];
  const { ending, output } = await runScript(project, command, env);
  if (ending !== "exit 0") return `coverage of unit can't be told (${ending}): ${output.trim()}`;
  const total = propertiesOf(readJson(join(folder, "coverage-summary.json"))?.total);
  rmSync(folder, { recursive: true, force: true });
  const kinds = ["lines", "branches", "functions"];
  return `coverage of unit: ${kinds.map((kind) => `${String(propertiesOf(total[kind]).pct)} % of ${kind}`).join(", ")}`;
}
