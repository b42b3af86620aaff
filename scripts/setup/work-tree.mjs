import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { readJson, writeJson } from "./files.mjs";
import { stateFolder } from "./project.mjs";
import { SetupError } from "./failure.mjs";
import { run } from "./run.mjs";
import { contentStamp, filesBelow } from "./stamp.mjs";

const IGNORED = new Set([".git", ".DS_Store", "node_modules", "__pycache__"]);
const [NAME, EMAIL, DATE] = ["Quickstart", "quickstart@example.invalid", "2025-01-01T00:00:00Z"];

/** Always the same identity and date, so that the commit has the same revision everywhere; nothing of the user's. */
const ENVIRONMENT = {
  ...{ GIT_AUTHOR_NAME: NAME, GIT_AUTHOR_EMAIL: EMAIL, GIT_AUTHOR_DATE: DATE },
  ...{ GIT_COMMITTER_NAME: NAME, GIT_COMMITTER_EMAIL: EMAIL, GIT_COMMITTER_DATE: DATE },
  ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", LC_ALL: "C" },
};
const SETTINGS = [
  "commit.gpgsign=false",
  "core.hooksPath=/dev/null",
  "core.autocrlf=false",
  "core.fileMode=true",
];

/** Gives git's standard output. @type {(tree: string, signal: AbortSignal, ...args: string[]) => Promise<string>} */
function git(tree, signal, ...args) {
  const settings = SETTINGS.flatMap((setting) => ["-c", setting]);
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(others), ...ENVIRONMENT };
  return run(`git ${args[0]}`, "git", [...settings, ...args], { cwd: tree, env, signal, timeout: 30_000 });
}

/**
 * What to do with the work tree: make it, bring the template's new files in, or leave it as it is. It is the user's
 * as soon as it has changes or commits that did not come from the set-up.
 * @param {{exists: boolean, status: string, head: string, recorded: Record<string, unknown> | null}} tree
 * @param {string} stamp the template's
 * @returns {"make" | "found" | "update" | "yours"}
 */
export function decide({ exists, status, head, recorded }, stamp) {
  if (!exists) return "make";
  if (status.trim() !== "" || recorded?.revision !== head) return "yours";
  return recorded.stamp === stamp ? "found" : "update";
}

/**
 * The quickstart's service as a git work tree of its own with one commit, which has the same revision everywhere.
 * @type {(context: {project: string, signal: AbortSignal}) => Promise<Outcome>}
 * @throws {SetupError} when the template is missing or git fails
 */
export async function workTree({ project, signal }) {
  const template = join(project, "examples", "quickstart", "service");
  const isWanted = (/** @type {string} */ path) => !IGNORED.has(basename(path));
  const files = filesBelow(template, ["."], isWanted).map((file) => file.slice("./".length));
  if (files.length === 0) throw new SetupError(`${template} is missing: restore it from version control.`);
  const stamp = contentStamp(template, files);
  const tree = join(stateFolder(project), "quickstart", "service");
  const record = `${tree}.json`;
  const exists = existsSync(join(tree, ".git"));
  const ask = (/** @type {string[]} */ ...args) => (exists ? git(tree, signal, ...args) : "");
  const head = (await ask("rev-parse", "HEAD")).trim();
  const status = await ask("status", "--porcelain");
  const action = decide({ exists, status, head, recorded: readJson(record) }, stamp);
  if (action === "found") return { text: "found", detail: head };
  if (action === "yours") return { text: "left as it is, with your changes", detail: head };
  const isNew = action === "make";
  const folder = isNew ? `${tree}.unfinished` : tree;
  if (isNew) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await git(folder, signal, "init", "--quiet", "--template=", "--initial-branch=main");
  }
  await git(folder, signal, "rm", "-r", "--quiet", "--ignore-unmatch", ".");
  cpSync(template, folder, { recursive: true, filter: isWanted });
  await git(folder, signal, "add", "--all", "--force");
  const message = `The quickstart's service${isNew ? "" : ", renewed"}`;
  await git(folder, signal, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", message);
  const revision = (await git(folder, signal, "rev-parse", "HEAD")).trim();
  if (isNew) renameSync(folder, tree);
  writeJson(record, { stamp, revision });
  return { text: `${isNew ? "made" : "renewed"} the service's work tree`, detail: revision };
}
