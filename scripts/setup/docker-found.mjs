import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { attempt, lastLines } from "./run.mjs";
import { isAtLeast, parseVersion } from "./versions.mjs";
import { findAll } from "./which.mjs";

/**
 * What a docker CLI said when asked. `server` is null when no engine answers it; `error` then says why.
 * @typedef {object} DockerFacts
 * @property {string} path
 * @property {string} client its version, "" when it does not answer at all
 * @property {string | null} server the engine's version
 * @property {string | null} arch the engine's architecture as Go names it: `amd64`
 * @property {boolean} buildx whether it has the buildx plugin
 * @property {string} error
 */

/** @param {string} text */
function parseAnswer(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * Asks one docker CLI for its version, its engine's and its buildx plugin's. The user's DOCKER_HOST and context decide
 * which engine.
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 * @returns {Promise<DockerFacts>}
 */
export async function askDocker(path, env, signal) {
  const options = { env, timeout: 20_000, signal };
  const [version, buildx] = await Promise.all([
    attempt(path, ["version", "--format", "{{json .}}"], options),
    attempt(path, ["buildx", "version"], options),
  ]);
  const answer = parseAnswer(version.stdout);
  return {
    path,
    client: answer.Client?.Version ?? "",
    server: version.ok ? (answer.Server?.Version ?? null) : null,
    arch: answer.Server?.Arch ?? null,
    buildx: buildx.ok,
    error: lastLines(version.stderr, 1)[0] ?? version.ending,
  };
}

/**
 * Asks every docker CLI in a search path, all at once.
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} [signal]
 * @returns {Promise<DockerFacts[]>} in the order of the search path
 */
export function dockerFacts(env, signal) {
  return Promise.all(findAll("docker", env.PATH).map((path) => askDocker(path, env, signal)));
}

/** Clients before 23 have BuildKit built in; later ones build through the plugin. @param {DockerFacts} facts */
function canBuild(facts) {
  return facts.buildx || (parseVersion(facts.client) !== null && !isAtLeast(facts.client, "23.0.0"));
}

/**
 * The docker CLI to use: the first one whose engine answers and that can build. Otherwise what is wrong: no CLI at
 * all, no engine that answers, an engine that refuses this user, or only clients that cannot build.
 * @param {DockerFacts[]} facts in the order of the search path
 * @returns {{kind: "usable" | "no-build" | "refused" | "no-engine", docker: DockerFacts} | {kind: "no-client"}}
 */
export function chooseDocker(facts) {
  const answered = facts.filter((fact) => fact.server !== null);
  const usable = answered.find(canBuild);
  if (usable) return { kind: "usable", docker: usable };
  if (answered.length > 0) return { kind: "no-build", docker: answered[0] };
  const refused = facts.find((fact) => /permission denied/i.test(fact.error));
  if (refused) return { kind: "refused", docker: refused };
  return facts.length > 0 ? { kind: "no-engine", docker: facts[0] } : { kind: "no-client" };
}

/**
 * The engine that the user has chosen, in words, or null where it is the local default: DOCKER_HOST first, then
 * DOCKER_CONTEXT, then the current context of the CLI's configuration.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [home]
 */
export function chosenEndpoint(env, home = homedir()) {
  if (env.DOCKER_HOST) return `DOCKER_HOST=${env.DOCKER_HOST}`;
  let context = env.DOCKER_CONTEXT;
  if (!context) {
    try {
      const file = join(env.DOCKER_CONFIG || join(home, ".docker"), "config.json");
      context = JSON.parse(readFileSync(file, "utf8")).currentContext;
    } catch (error) {
      if (error.code !== "ENOENT" && !(error instanceof SyntaxError)) throw error;
    }
  }
  return context && context !== "default" ? `the Docker context "${context}"` : null;
}
