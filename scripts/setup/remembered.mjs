import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "./project.mjs";

/** @param {string} project */
function file(project) {
  return join(stateFolder(project), "setup.json");
}

/**
 * Keeps which tools the set-up has found or made.
 * @param {string} project
 * @param {{pulumi: string, docker: string}} tools their paths
 */
export function remember(project, tools) {
  mkdirSync(stateFolder(project), { recursive: true });
  const unfinished = `${file(project)}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(tools, null, 2)}\n`);
  renameSync(unfinished, file(project));
}

/**
 * The tools of the last set-up, or null when there was none or one of them has gone.
 * @param {string} project
 * @returns {{pulumi: string, docker: string} | null}
 */
export function remembered(project) {
  let tools;
  try {
    tools = JSON.parse(readFileSync(file(project), "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
  const isThere = (path) => typeof path === "string" && existsSync(path);
  return isThere(tools?.pulumi) && isThere(tools?.docker) ? tools : null;
}
