import { chooseDocker, chosenEndpoint, dockerFacts } from "../../scripts/setup/docker-found.mjs";
import { engine, ownEngine } from "../../scripts/setup/engine.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { isAtLeast } from "../../scripts/setup/programs.mjs";
import { attempt } from "../../scripts/setup/run.mjs";

/** The first release whose new installations keep images with containerd is 29; from 28 on both stores work alike. */
const OLDEST = "28.0.0";

/** How an engine keeps its images. @type {(docker: string, context: Context) => Promise<import("../../scripts/setup/private-engine.mjs").ImageStore>} */
async function storeOf(docker, context) {
  const asked = await attempt(docker, ["info", "--format", "{{json .DriverStatus}}"], context);
  return asked.stdout.includes('"io.containerd.snapshotter.v1"') ? "containerd" : "graph driver";
}

/**
 * The main engine of the tests: Docker 28 or newer with the containerd image store, which is what people install today.
 * The user's own is taken if it is one, or if the user has chosen it (DOCKER_HOST, a context). Otherwise it is one of this
 * project's own, and the user's stays as it is. Where there can be none, the user's is taken after all.
 * @type {(context: Context) => Promise<import("../../scripts/setup/engine.mjs").Engine>}
 */
export async function mainEngine(context) {
  const choice = chooseDocker(await dockerFacts(context));
  const isChosen = (await chosenEndpoint(context)) !== null;
  const found = choice.kind === "usable" ? choice.docker : null;
  const isModern =
    found !== null &&
    isAtLeast(String(found.server), OLDEST) &&
    (await storeOf(found.path, context)) === "containerd";
  if (isChosen || isModern) return engine(context);
  try {
    return await ownEngine(context);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const meant = `the tests are meant for Docker ${OLDEST} or newer with the containerd image store`;
    context.say(`${meant}, and there can be none of this project's own: ${error.message}`);
    return engine(context);
  }
}
