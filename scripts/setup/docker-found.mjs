import { parseObject, propertiesOf } from "./files.mjs";
import { findAll, findFirst, isAtLeast, parseVersion } from "./programs.mjs";
import { attempt, reasonOf } from "./run.mjs";

/** @typedef {{kind: "usable" | "no-build" | "refused" | "no-engine", docker: DockerFacts} | {kind: "no-client"}} Choice */
/** @typedef {{env: NodeJS.ProcessEnv, signal: AbortSignal}} Asking */

const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : null);

/** The user's DOCKER_HOST and context decide which engine. @type {(path: string, asking: Asking) => Promise<DockerFacts>} */
export async function askDocker(path, { env, signal }) {
  const options = { env, timeout: 20_000, signal };
  const [version, buildx] = await Promise.all([
    attempt(path, ["version", "--format", "{{json .}}"], options),
    attempt(path, ["buildx", "version"], options),
  ]);
  const answer = parseObject(version.stdout);
  const [client, server] = [propertiesOf(answer.Client), propertiesOf(answer.Server)];
  const found = { server: version.ok ? text(server.Version) : null, arch: text(server.Arch) };
  return { path, client: text(client.Version) ?? "", ...found, buildx: buildx.ok, error: reasonOf(version) };
}

/** Asks every docker CLI on PATH, in its order. @param {Asking} asking */
export function dockerFacts({ env, signal }) {
  return Promise.all(findAll("docker", env.PATH).map((path) => askDocker(path, { env, signal })));
}

/** Clients before 23 have BuildKit built in; later ones build through the plugin. @param {DockerFacts} facts */
function canBuild({ buildx, client }) {
  return buildx || (parseVersion(client) !== null && !isAtLeast(client, "23.0.0"));
}

/**
 * The docker CLI to use: the first one whose engine answers and that can build. Otherwise what is wrong: no CLI at
 * all, no engine that answers, an engine that refuses this user, or only clients that cannot build.
 * @type {(facts: DockerFacts[]) => Choice}
 */
export function chooseDocker(facts) {
  const answered = facts.filter(({ server }) => server !== null);
  const usable = answered.find(canBuild);
  if (usable) return { kind: "usable", docker: usable };
  if (answered[0]) return { kind: "no-build", docker: answered[0] };
  const refused = facts.find(({ error }) => /permission denied/i.test(error));
  if (refused) return { kind: "refused", docker: refused };
  return facts[0] ? { kind: "no-engine", docker: facts[0] } : { kind: "no-client" };
}

/**
 * For an engine of this project's own: the user's first CLI that reaches it, can build and is no older than the engine's own
 * (by major version), else that one. @type {(facts: DockerFacts[], own: DockerFacts) => DockerFacts}
 */
export function chooseClient(facts, own) {
  const major = (/** @type {DockerFacts} */ { client }) => parseVersion(client)?.[0] ?? 0;
  return facts.find((one) => one.server !== null && canBuild(one) && major(one) >= major(own)) ?? own;
}

/** The same, asked. @type {(own: string, asking: Asking) => Promise<DockerFacts>} */
export const clientFor = async (own, asking) =>
  chooseClient(await dockerFacts(asking), await askDocker(own, asking));

/**
 * The engine that the user has chosen, in words, or null where it is the local default: DOCKER_HOST first, then the
 * context, which the CLI itself knows. @param {Asking} asking
 */
export async function chosenEndpoint({ env, signal }) {
  if (env.DOCKER_HOST) return `DOCKER_HOST=${env.DOCKER_HOST}`;
  const docker = findFirst("docker", env.PATH);
  const ask = ["context", "inspect", "--format", "{{.Name}}"];
  const asked = docker === null ? null : await attempt(docker, ask, { env, signal });
  const name = env.DOCKER_CONTEXT || (asked?.ok ? asked.stdout.trim() : "default");
  return name === "default" ? null : `the Docker context "${name}"`;
}

const INSTALL = "install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST";

/** What to do where the set-up can't bring up an engine. @type {(choice: Choice, endpoint: string | null) => string} */
export function engineSentence(choice, endpoint) {
  if (choice.kind === "no-client")
    return `There is no \`docker\` on PATH, and it cannot be installed here: ${INSTALL}.`;
  const { path, client, error } = choice.docker;
  const where = endpoint ? ` at ${endpoint}` : "";
  if (choice.kind === "no-build")
    return `${path} (${client}) reaches an engine but cannot build images: install Docker's buildx plugin (package docker-buildx-plugin or docker-buildx), or put a docker that has it on PATH.`;
  if (choice.kind === "refused")
    return `The container engine${where} refuses this user (${error}): add the user to the group docker and log in again, or set DOCKER_HOST to an engine that you may use.`;
  if (endpoint)
    return `No container engine answers${where} (${error}): start it, or choose another one (unset DOCKER_HOST and DOCKER_CONTEXT, or \`docker context use default\`, for the local one).`;
  return `No container engine answers ${path} (${error}): ${INSTALL}.`;
}
