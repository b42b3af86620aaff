import { CommandError } from "../../base/process/command-error";
import type { ContainerFacts, ContainerOrder, Containers } from "../containers";
import { EngineUnreachableError } from "../errors";
import { dockerClient, engineIdentity, type DockerClient } from "./client";

/** The fields of `docker container inspect` that matter here. */
interface Inspected {
  Id: string;
  Name: string;
  Image: string;
  Config?: { Labels?: Record<string, string> | null } | null;
  State?: { Running?: boolean; Paused?: boolean; ExitCode?: number } | null;
  HostConfig?: { AutoRemove?: boolean } | null;
}

/** Milliseconds for starting or stopping a container. `docker stop` alone may take 10 s. */
const STOP_MS = 60_000;
const LOG_LINES = 50;

function containerFacts(inspected: Inspected): ContainerFacts {
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ""),
    imageId: inspected.Image,
    labels: { ...inspected.Config?.Labels },
    running: inspected.State?.Running ?? false,
    paused: inspected.State?.Paused ?? false,
    autoRemove: inspected.HostConfig?.AutoRemove ?? false,
    exitCode: inspected.State?.ExitCode ?? 0,
  };
}

async function find(client: DockerClient, container: string): Promise<ContainerFacts | null> {
  const options = { timeoutMs: client.inspectMs };
  const isIt = ({ id, name }: { id: string; name: string }): boolean =>
    id === container || name === container;
  try {
    const answer = await client.run(["container", "inspect", container], options);
    const facts = (JSON.parse(answer.stdout) as Inspected[]).map(containerFacts).find(isIt);
    if (facts !== undefined) return facts;
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.notStarted || error.failure.cancelled) throw error;
  }
  // A failed question proves nothing. Docker also accepts the beginning of an ID. So the list of containers decides.
  await engineIdentity(client);
  const listed = await client.run(["ps", "--all", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}"], options);
  const there = listed.stdout.split("\n").some((line) => {
    const [id = "", names = ""] = line.split("\t");
    return id === container || names.split(",").includes(container);
  });
  if (!there) return null;
  throw new EngineUnreachableError(
    `Docker at ${client.where} lists the container ${container} but can't inspect it; try again`,
  );
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/**
 * Variables that change what the docker client itself does. So their values can't be passed in its environment. Each
 * one is named in full, because others with the same beginning (`DOCKER_PASSWORD`, `GOOGLE_API_KEY`, `SSH_PRIVATE_KEY`)
 * may be secrets.
 */
const CLIENT_VARIABLES = new RegExp(
  `^(?:${[
    "DOCKER_(?:HOST|CONTEXT|CONFIG|CERT_PATH|TLS|TLS_VERIFY|API_VERSION|DEFAULT_PLATFORM|CUSTOM_HEADERS|DEBUG|BUILDKIT)",
    "DOCKER_(?:CONTENT_TRUST|CONTENT_TRUST_SERVER|HIDE_LEGACY_COMMANDS|CLI_\\w+)",
    "GO(?:DEBUG|TRACEBACK|MAXPROCS|GC|MEMLIMIT|COVERDIR)",
    "SSH_(?:AUTH_SOCK|ASKPASS|ASKPASS_REQUIRE|AGENT_PID)",
    "SSL_CERT_(?:FILE|DIR)",
    "(?:ALL|HTTPS?|NO|FTP)_PROXY",
    "(?:LC|LD|XDG)_\\w+",
    "PATH|HOME|LANG|LANGUAGE|USER|TMPDIR",
  ].join("|")})$`,
  "i",
);

/**
 * The arguments of `docker container create`, and the environment for the docker client. Values are passed in the
 * environment, because everybody on the machine can read the command line.
 */
export function createArguments(order: ContainerOrder): { args: string[]; env: Record<string, string> } {
  const env: Record<string, string> = {};
  const args = ["container", "create", "--name", order.name];
  for (const { external, internal } of order.ports) args.push("--publish", `${external}:${internal}`);
  for (const [name, value] of Object.entries(order.env)) {
    const isClients = CLIENT_VARIABLES.test(name);
    if (!isClients) env[name] = value;
    args.push("--env", isClients ? `${name}=${value}` : name);
  }
  for (const [name, value] of Object.entries(order.labels)) args.push("--label", `${name}=${value}`);
  return { args: [...args, order.imageId], env };
}

/**
 * Docker's containers, through docker's command line client.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 * @param inspectMs limit for one question to the engine, in milliseconds
 */
export function dockerContainers(host: string | undefined, inspectMs: number): Containers {
  const client = dockerClient(host, inspectMs);
  const short = { timeoutMs: inspectMs };
  return {
    find: (container) => find(client, container),
    async neverStarted(label, value) {
      const which = ["--filter", "status=created", "--filter", `label=${label}=${value}`];
      const listed = await client.run(["ps", "--all", "--quiet", "--no-trunc", ...which], short);
      const found = await Promise.all(lines(listed.stdout).map((id) => find(client, id)));
      return found.filter((facts) => facts !== null);
    },
    async create(order) {
      const { args, env } = createArguments(order);
      return (await client.run(args, { timeoutMs: STOP_MS, env, runsToItsEnd: true })).stdout.trim();
    },
    rename: async (id, name) => void (await client.run(["container", "rename", id, name], short)),
    start: async (id) => void (await client.run(["container", "start", id], { timeoutMs: STOP_MS })),
    stop: async (id) => void (await client.run(["container", "stop", id], { timeoutMs: STOP_MS })),
    async remove(id) {
      if ((await find(client, id)) === null) return;
      await client.run(["container", "rm", "--force", "--volumes", id], { timeoutMs: STOP_MS });
    },
    async logs(id) {
      const { stdout, stderr } = await client.run(
        ["container", "logs", "--tail", String(LOG_LINES), id],
        short,
      );
      return stdout + stderr;
    },
  };
}
