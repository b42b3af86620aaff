import { randomBytes } from "node:crypto";
import { createArguments, updateArguments } from "./container-arguments";
import { containerChanges } from "./container-changes";
import { judgeContainer, withDefaults, type ContainerInputs } from "./container-inputs";
import { outputsOf, type Inspected } from "./container-state";
import { dockerAt, type Docker } from "./docker-client";
import { HalfMadeError, type PluginStandIn, type ResourceStandIn } from "./stand-in";

/** `docker:index/container:Container`: really makes the container, through the docker client. */
const dockerContainer: ResourceStandIn = {
  declared: { file: "container", name: "ContainerArgs" },
  check(inputs, old, resourceName) {
    // As the real plugin names what has no name.
    const name = inputs.name ?? old?.name ?? `${resourceName}-${randomBytes(4).toString("hex").slice(1)}`;
    return { inputs: { ...withDefaults(inputs), name }, failures: judgeContainer(inputs) };
  },
  changes: containerChanges,
  async create(given, _name, { config }) {
    const inputs = given as ContainerInputs;
    const docker = dockerAt(config);
    const id = await docker(createArguments(inputs), "Unable to create container");
    try {
      await connect(docker, id, inputs);
      if (inputs.start !== false) await docker(["start", id], "Unable to start container");
    } catch (error) {
      throw new HalfMadeError({ id, outputs: inputs }, (error as Error).message);
    }
    const found = await inspect(docker, id);
    if (found === null) throw new Error(`the container ${id} is gone right after it was made`);
    return { id, outputs: outputsOf(found, inputs) };
  },
  async read({ id, outputs }, { config }) {
    const found = await inspect(dockerAt(config), id);
    return found && outputsOf(found, outputs);
  },
  async update({ id, outputs }, inputs, { config }) {
    const docker = dockerAt(config);
    const { properties } = containerChanges(outputs, inputs);
    if (properties.mustRun && inputs.mustRun === true && inputs.start !== false)
      await docker(["start", id], "Unable to start container");
    if (properties.restart ?? properties.maxRetryCount)
      await docker(updateArguments(id, inputs as ContainerInputs), "Unable to update a container");
    return { ...outputs, ...inputs };
  },
  async delete({ id, outputs }, { config }) {
    const docker = dockerAt(config);
    const seconds = typeof outputs.destroyGraceSeconds === "number" ? outputs.destroyGraceSeconds : 0;
    const volumes = outputs.removeVolumes === false ? [] : ["--volumes"];
    await unlessGone(docker(["stop", "--time", String(seconds), id], `Error stopping container ${id}`));
    await unlessGone(docker(["rm", "--force", ...volumes, id], `Error deleting container ${id}`));
  },
};

export const docker: PluginStandIn = {
  name: "docker",
  sdk: "@pulumi/docker",
  resources: { "docker:index/container:Container": dockerContainer },
  config: ["host", "context"],
};

const GONE = /no such container|is already in progress/i;

async function unlessGone(done: Promise<unknown>): Promise<void> {
  await done.catch((error: Error) => {
    if (!GONE.test(error.message)) throw error;
  });
}

/** Null when there is no such container; any other trouble throws. */
async function inspect(docker: Docker, id: string): Promise<Inspected | null> {
  try {
    const [found] = JSON.parse(
      await docker(["container", "inspect", id], "Error reading container"),
    ) as Inspected[];
    return found ?? null;
  } catch (error) {
    if (GONE.test((error as Error).message)) return null;
    throw error;
  }
}

/** Named networks take the place of the default one. */
async function connect(
  docker: Docker,
  id: string,
  { networksAdvanced = [] }: ContainerInputs,
): Promise<void> {
  if (networksAdvanced.length === 0) return;
  await docker(["network", "disconnect", "bridge", id], "Unable to disconnect the default network").catch(
    (error: Error) => {
      if (!error.message.includes("is not connected to")) throw error;
    },
  );
  for (const { name, aliases = [] } of networksAdvanced) {
    const flags = aliases.flatMap((alias) => ["--alias", alias]);
    await docker(["network", "connect", ...flags, name, id], `Unable to connect to network '${name}'`);
  }
}
