import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CommandError } from "../../base/process/command-error";
import type { RunOptions } from "../../base/process/run";
import { tailOf } from "../../base/process/tail";
import type { Compose, ComposeModel, ComposeOrder, ComposeSource } from "../compose";
import { ComposeMissingError, ComposeUnreadableError } from "../errors";
import { dockerClient, type DockerClient } from "./client";

/**
 * Flags decide what compose does, so the user's environment must not. It could add profiles, or remove containers that
 * the file does not name (https://docs.docker.com/compose/how-tos/environment-variables/envvars/).
 */
const ENVIRONMENT = {
  COMPOSE_ANSI: "never",
  COMPOSE_IGNORE_ORPHANS: "true",
  COMPOSE_MENU: "false",
  COMPOSE_PROFILES: "",
  COMPOSE_REMOVE_ORPHANS: "false",
};

/** Milliseconds for making one container. It takes seconds, but a volume driver may be slow. */
const CREATE_MS = 120_000;
/** Milliseconds for replacing containers: the old ones have to be stopped first. */
const RECREATE_MS = 300_000;
const LINES = 3;

/** Compose's warnings begin with a time. Its errors do not. */
const isWarning = (line: string): boolean => line.startsWith("time=");

/** The end of what compose printed about its failure, on one line. */
function words(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !isWarning(line));
  return tailOf(lines.join("\n"), LINES).split("\n").join("; ");
}

/** Demands the compose plugin. Without it docker takes compose's flags for its own, and its error is misleading. */
async function demandPlugin(client: DockerClient): Promise<void> {
  try {
    const answer = await client.run(["compose", "version", "--short"], { timeoutMs: client.inspectMs });
    const version = answer.stdout.trim();
    if (Number.parseInt(version.replace(/^v/, ""), 10) >= 2) return;
    throw new ComposeMissingError(`found ${version || "no version"}`);
  } catch (error) {
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    throw new ComposeMissingError(words(error.failure.stderr).split(";")[0] ?? "");
  }
}

/**
 * The flags that select files, project and profile, and the options to run compose with.
 *
 * @throws {ComposeUnreadableError} when a file does not exist
 */
async function selectionOf(source: ComposeSource): Promise<{ flags: string[]; options: RunOptions }> {
  const files = [source.file, ...(source.overrides ?? [])];
  for (const file of files) {
    await access(file).catch((error: unknown) => {
      throw new ComposeUnreadableError(file, "there is no such file", { cause: error });
    });
  }
  const flags = [
    ...files.flatMap((file) => ["--file", resolve(file)]),
    ...(source.project === null ? [] : ["--project-name", source.project]),
    ...(source.profile === null ? [] : ["--profile", source.profile]),
  ];
  // Relative paths in the compose file are read from its folder.
  return { flags, options: { env: ENVIRONMENT, cwd: dirname(resolve(source.file)) } };
}

async function read(client: DockerClient, source: ComposeSource): Promise<ComposeModel> {
  await demandPlugin(client);
  const { flags, options } = await selectionOf(source);
  try {
    const answer = await client.run(
      ["compose", ...flags, "config", "--format", "json", "--no-path-resolution"],
      { title: "docker compose config", timeoutMs: client.inspectMs, ...options },
    );
    return JSON.parse(answer.stdout) as ComposeModel;
  } catch (error) {
    if (error instanceof CommandError && error.failure.cancelled) throw error;
    const detail =
      error instanceof CommandError ? words(error.failure.stderr) || error.message : String(error);
    throw new ComposeUnreadableError(source.file, detail, { cause: error });
  }
}

async function containersOf(client: DockerClient, project: string, service: string): Promise<string[]> {
  const filters = { project, service, oneoff: "False" };
  const asked = Object.entries(filters).flatMap(([name, value]) => [
    "--filter",
    `label=com.docker.compose.${name}=${value}`,
  ]);
  const there = await client.run(["ps", "--all", "--quiet", "--no-trunc", ...asked], {
    timeoutMs: client.inspectMs,
  });
  return there.stdout.split("\n").filter((line) => line !== "");
}

async function create(client: DockerClient, order: ComposeOrder): Promise<void> {
  const { model, service, profile, directory } = order;
  await demandPlugin(client);
  const count = (await containersOf(client, model.name, service)).length;
  // Existing containers stay. compose finds them by their labels, so it does not matter if they were renamed.
  const scale = ["--no-recreate", "--scale", `${service}=${count + 1}`];
  await client.run(
    [
      ...["compose", "--file", "-", "--project-name", model.name, "--project-directory", directory],
      ...["--profile", profile, "up", "--no-start", "--no-build", "--no-deps", ...scale, service],
    ],
    {
      title: "docker compose up --no-start",
      timeoutMs: CREATE_MS,
      env: ENVIRONMENT,
      // The model goes through standard input. A file would be left behind if this process were killed.
      input: JSON.stringify(model),
    },
  );
}

/**
 * Docker's compose plugin, through docker's command line client.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 * @param inspectMs limit for one question, in milliseconds
 */
export function dockerCompose(host: string | undefined, inspectMs: number): Compose {
  const client = dockerClient(host, inspectMs);
  const names = async (kind: "network" | "volume"): Promise<Set<string>> => {
    const listed = await client.run([kind, "ls", "--format", "{{.Name}}"], { timeoutMs: inspectMs });
    return new Set(listed.stdout.split("\n").filter((line) => line !== ""));
  };
  return {
    read: (source) => read(client, source),
    create: (order) => create(client, order),
    containersOf: (project, service) => containersOf(client, project, service),
    async recreate(source, service, { start, logFile }) {
      const { flags, options } = await selectionOf(source);
      const how = [start ? "--detach" : "--no-start", "--no-build", "--no-deps", "--force-recreate"];
      await client.run(["compose", ...flags, "up", ...how, "--", service], {
        title: "docker compose up",
        timeoutMs: RECREATE_MS,
        logFile,
        ...options,
      });
    },
    async removeService(source, service, { logFile }) {
      const { flags, options } = await selectionOf(source);
      await client.run(["compose", ...flags, "rm", "--stop", "--force", "--", service], {
        title: "docker compose rm",
        timeoutMs: RECREATE_MS,
        logFile,
        ...options,
      });
    },
    existing: async () => ({ networks: await names("network"), volumes: await names("volume") }),
  };
}
