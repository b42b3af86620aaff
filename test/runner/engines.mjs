import { delimiter, dirname, join } from "node:path";
import { propertiesOf, readJson } from "../../scripts/setup/files.mjs";

/**
 * One more engine on which some files of `engine` run again. `store` says how it keeps images.
 * @typedef {{id: string, release: "newest" | "bookworm", store: import("../../scripts/setup/private-engine.mjs").ImageStore}} EngineLane
 */

/** @type {EngineLane[]} */
export const ENGINES = [
  { id: "containerd", release: "newest", store: "containerd" },
  { id: "graph-driver", release: "newest", store: "graph driver" },
];

/** Round trip, local base, gate, promotion, drift, untag, registry, staging: one of each. */
export const FILES = ["gate", "gone", "pins", "registry-promotion", "stage-command"];

/**
 * The variables that select such an engine, or why there is none.
 * @type {(project: string, id: string, env: NodeJS.ProcessEnv) => {env: NodeJS.ProcessEnv} | {reason: string}}
 */
export function engineOf(project, id, env) {
  const { environment, reason } = readJson(join(project, ".state", `engine-${id}.json`)) ?? {};
  const known = Object.entries(propertiesOf(environment)).map(([name, value]) => [name, String(value)]);
  const { VERIFIED_IMAGES_DOCKER: docker, ...variables } = Object.fromEntries(known);
  if (docker === undefined) return { reason: String(reason ?? "the set-up has not run here: npm run setup") };
  // What tests build by `docker build` has no attestation, as with the tests' main engine.
  const own = { TESTS_ON_ANOTHER_ENGINE: id, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  return { env: { ...env, ...variables, ...own, PATH: [dirname(docker), env.PATH].join(delimiter) } };
}
