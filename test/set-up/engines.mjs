import { debianRelease, newestRelease } from "../../scripts/setup/engine-release.mjs";
import { privateEngine } from "../../scripts/setup/private-engine.mjs";
import { canInstall } from "../../scripts/setup/apt.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { baseImage } from "../../scripts/setup/base-image.mjs";
import { askDocker, clientFor } from "../../scripts/setup/docker-found.mjs";
import { shortVersion } from "../../scripts/setup/programs.mjs";
import { docker29 } from "./docker-29.mjs";
import { forTests } from "./builder.mjs";
import { ENGINES } from "../runner/engines.mjs";

/** @type {(release: import("../runner/engines.mjs").EngineLane["release"], context: Context) => Promise<import("../../scripts/setup/engine-release.mjs").Release>} */
function releaseOf(release, context) {
  if (release === "29") return docker29(context);
  return release === "newest" ? newestRelease(context) : debianRelease(release, context);
}

/**
 * One more engine for the tests, beside the one that they use: of another release, or with another image store.
 * @type {(engine: import("../runner/engines.mjs").EngineLane, context: Context) => Promise<Outcome>}
 */
export function another({ id, release, store }, context) {
  return forTests(`engine-${id}`, context, async () => {
    if (!canInstall()) throw new SetupError("another engine can be started as root on Debian or Ubuntu only");
    const found = await releaseOf(release, context);
    const { environment, started } = await privateEngine(id, found, store, context);
    const inside = { ...context, env: { ...context.env, ...environment } };
    // The old release is tested with its own client.
    const isNewest = release === "newest";
    const docker = await (isNewest ? clientFor(found.docker, inside) : askDocker(found.docker, inside));
    await baseImage(inside, docker);
    const text = `${started ? "started" : "found"} Docker ${shortVersion(docker.server ?? "")} (${store})`;
    return { text, detail: found.how, environment: { ...environment, VERIFIED_IMAGES_DOCKER: docker.path } };
  });
}

/**
 * The other engines of the tests, one after the other: they share what they fetch.
 * @type {(step: (name: string, work: (context: Context) => Promise<Outcome>) => Promise<Outcome>) => Promise<void>}
 */
export async function otherEngines(step) {
  for (const lane of ENGINES) await step(lane.id, (context) => another(lane, context));
}
