import { delimiter, dirname, join } from "node:path";
import { propertiesOf, readJson } from "../../scripts/setup/files.mjs";

/**
 * One more engine on which some files of `engine` run again: the main engine's release with the other image store, and the
 * oldest release that the package promises. `store` says how it keeps images.
 * @typedef {{id: string, release: "newest" | "bookworm" | "29", store: import("../../scripts/setup/private-engine.mjs").ImageStore}} EngineLane
 */

/** @type {EngineLane[]} */
export const ENGINES = [
  { id: "graph-driver", release: "newest", store: "graph driver" },
  { id: "docker-20", release: "bookworm", store: "graph driver" },
];

/** The engine of the campaign that is called like it: Docker 29, built from its modules. @type {EngineLane} */
export const DOCKER_29 = { id: "docker-29", release: "29", store: "containerd" };

/** Round trip, local base, gate, promotion, drift, untag, registry, staging: one of each. */
export const FILES = ["gate", "gone", "pins", "registry-promotion", "stage-command"];

/** Files of `engine` with nothing but tests of a builder beside the engine, which the other engines do not have. */
export const ONLY_BESIDE = ["builder-beside", "lock-on-runners", "onbuild", "policy"];

/**
 * The variables that select such an engine, or why there is none.
 * @type {(project: string, id: string, env: NodeJS.ProcessEnv) => {env: NodeJS.ProcessEnv} | {reason: string}}
 */
export function engineOf(project, id, env) {
  const found = readJson(join(project, ".state", `engine-${id}.json`)) ?? {};
  /** @type {Record<string, string>} */
  const variables = {};
  for (const [name, value] of Object.entries(propertiesOf(found.environment)))
    variables[name] = String(value);
  const { VERIFIED_IMAGES_DOCKER: docker, ...others } = variables;
  if (docker === undefined) {
    const { reason } = found;
    return { reason: typeof reason === "string" ? reason : "the set-up has not run here: npm run setup" };
  }
  return {
    env: {
      ...env,
      ...others,
      TESTS_ON_ANOTHER_ENGINE: id,
      PATH: [dirname(docker), env.PATH].join(delimiter),
    },
  };
}
