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
const SETTINGS = "commit.gpgsign=false core.hooksPath=/dev/null core.autocrlf=false core.fileMode=true";

/**
 * What to do with the work tree: make it, bring the template's new files in, or leave it as it is. It is the user's
 * as soon as it has changes or commits that did not come from the set-up.
 * @param {{exists: boolean, status: string, head: string, recorded: Record<string, unknown> | null}} tree
 * @param {string} stamp the template's
 * @returns {"make" | "found" | "update" | "yours"}
 */
export function decide({ exists, status, head, recorded }, stamp) {
  if (!exists) return "make";
  if (status !== "" || recorded?.revision !== head) return "yours";
  return recorded.stamp === stamp ? "found" : "update";
}

/**
 * The quickstart's service as a git work tree of its own with one commit, which has the same revision everywhere.
 * @type {(context: Pick<Context, "project" | "signal">) => Promise<Outcome>}
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
  const folder = exists ? tree : `${tree}.unfinished`;
  const users = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const env = { ...Object.fromEntries(users), ...ENVIRONMENT };
  const settings = SETTINGS.split(" ").flatMap((setting) => ["-c", setting]);
  const git = async (/** @type {string[]} */ ...args) => {
    const options = { cwd: folder, env, signal, timeout: 30_000 };
    return (await run(`git ${args[0]}`, "git", [...settings, ...args], options)).trim();
  };
  const [head, status] = exists
    ? [await git("rev-parse", "HEAD"), await git("status", "--porcelain")]
    : ["", ""];
  const action = decide({ exists, status, head, recorded: readJson(record) }, stamp);
  if (action === "found") return { text: "found", detail: head };
  if (action === "yours") return { text: "left as it is, with your changes", detail: head };
  if (!exists) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await git("init", "--quiet", "--template=", "--initial-branch=main");
  }
  await git("rm", "-r", "--quiet", "--ignore-unmatch", ".");
  cpSync(template, folder, { recursive: true, filter: isWanted });
  await git("add", "--all", "--force");
  const message = `The quickstart's service${exists ? ", renewed" : ""}`;
  await git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", message);
  const revision = await git("rev-parse", "HEAD");
  if (!exists) renameSync(folder, tree);
  writeJson(record, { stamp, revision });
  return { text: `${exists ? "renewed" : "made"} the service's work tree`, detail: revision };
}
