import { delimiter, dirname, join } from "node:path";
import * as z from "zod";
import { readJson } from "../../scripts/setup/files.mjs";

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

const WRITTEN = z.union([
  z.object({ environment: z.record(z.string(), z.string()) }),
  z.object({ reason: z.string() }),
]);

/**
 * The variables that select such an engine, or why there is none.
 * @type {(project: string, id: string, env: NodeJS.ProcessEnv) => {env: NodeJS.ProcessEnv} | {reason: string}}
 */
export function engineOf(project, id, env) {
  const { data } = WRITTEN.safeParse(readJson(join(project, ".state", `engine-${id}.json`)));
  if (data === undefined) return { reason: "the set-up has not run here: npm run setup" };
  if ("reason" in data) return data;
  const { VERIFIED_IMAGES_DOCKER: docker = "", ...variables } = data.environment;
  // What tests build by `docker build` has no attestation, as with the tests' main engine.
  const own = { TESTS_ON_ANOTHER_ENGINE: id, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  return { env: { ...env, ...variables, ...own, PATH: [dirname(docker), env.PATH].join(delimiter) } };
}
