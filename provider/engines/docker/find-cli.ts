import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { CommandError } from "../../base/process/command-error";
import { run } from "../../base/process/run";
import { EngineUnreachableError, EngineUnsuitableError } from "../errors";

export interface DockerCli {
  path: string;
  version: string;
  /** `built-in` (clients before 23 contain a BuildKit client), `buildx <version>`, or null: it can't build. */
  builder: string | null;
  /** Version of the buildx plugin, even if `docker build` does not use it; null if there is none. */
  buildx: string | null;
}

const PROBE_MS = 15_000;

/** The environment variable that names the client to use. Without it, the first suitable one on PATH is used. */
export const CLIENT_VARIABLE = "VERIFIED_IMAGES_DOCKER";

/**
 * How `docker build` builds. Clients before 23.0 use BuildKit without buildx, even if the plugin is installed, and
 * don't know its flags. Later clients need the plugin.
 */
export function chooseBuilder(version: string, buildx: string | null): string | null {
  const major = Number.parseInt(version, 10);
  if (Number.isInteger(major) && major >= 19 && major < 23) return "built-in";
  return buildx === null ? null : `buildx ${buildx}`;
}

/** All executables called docker on a PATH, in order. */
function candidates(path: string): string[] {
  const found: string[] = [];
  for (const directory of path.split(delimiter)) {
    if (directory === "") continue;
    const file = join(directory, "docker");
    try {
      accessSync(file, constants.X_OK);
      if (!found.includes(file)) found.push(file);
    } catch {
      // not here
    }
  }
  return found;
}

async function probe(path: string): Promise<DockerCli | null> {
  const ask = async (args: string[]): Promise<string | null> => {
    try {
      return (await run(path, args, { timeoutMs: PROBE_MS })).stdout.trim();
    } catch (error) {
      if (!(error instanceof CommandError) || error.failure.hindered !== true) return null;
      throw new EngineUnreachableError(`the docker client ${path} was not asked: ${error.message}`, {
        cause: error,
      });
    }
  };
  const [versionText, buildxText] = await Promise.all([ask(["--version"]), ask(["buildx", "version"])]);
  const version = /version ([0-9]+\.[^\s,]*)/.exec(versionText ?? "")?.[1];
  if (version === undefined) return null;
  const buildx = /\bbuildx\s+v?([0-9]+\.[0-9]+\.[0-9]+\S*)/.exec(buildxText ?? "")?.[1] ?? null;
  return { path, version, builder: chooseBuilder(version, buildx), buildx };
}

const found = new Map<string, Promise<DockerCli>>();

/**
 * Finds the docker client: the first one on PATH that can build with BuildKit, or else the first one. There may be
 * several, and often one without buildx comes first. If {@link CLIENT_VARIABLE} names one, that one is used, whatever
 * it can do.
 *
 * The result is kept for this process, PATH, DOCKER_CONFIG (which has the plugins) and that variable. A failure is not
 * kept.
 *
 * @throws {EngineUnsuitableError} when there is no docker on PATH, or the named program is no docker client
 * @throws {EngineUnreachableError} when no program can be started here, for example for want of file descriptors
 */
export function findDockerCli(path: string = process.env.PATH ?? ""): Promise<DockerCli> {
  const key = JSON.stringify([path, process.env.DOCKER_CONFIG ?? "", process.env[CLIENT_VARIABLE] ?? ""]);
  const known = found.get(key);
  if (known !== undefined) return known;
  const searched = search(path);
  found.set(key, searched);
  searched.catch(() => found.delete(key));
  return searched;
}

async function search(path: string): Promise<DockerCli> {
  const named = process.env[CLIENT_VARIABLE] ?? "";
  if (named !== "") {
    const cli = await probe(named);
    if (cli !== null) return cli;
    throw new EngineUnsuitableError(
      `${named} does not answer as a docker client does (--version); ${CLIENT_VARIABLE} names it, so no other one is taken`,
    );
  }
  let first: DockerCli | null = null;
  for (const file of candidates(path)) {
    const cli = await probe(file);
    if (cli !== null && cli.builder !== null) return cli;
    first ??= cli;
  }
  if (first !== null) return first;
  throw new EngineUnsuitableError(
    "no docker command line client on PATH; install Docker (https://docs.docker.com/engine/install/) or put its client on PATH",
  );
}
