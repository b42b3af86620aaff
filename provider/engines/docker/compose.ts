import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CommandError } from "../../base/process/command-error";
import type { RunOptions } from "../../base/process/run";
import { tailOf } from "../../base/process/tail";
import type { Compose, ComposeModel, ComposeOrder, ComposeSource } from "../compose";
import { ComposeMissingError, ComposeUnreadableError } from "../errors";
import { dockerClient, type DockerClient } from "./client";

/**
 * What is meant is said by flags, and not by the user's environment: neither further profiles nor the removal of what a
 * file does not name (https://docs.docker.com/compose/how-tos/environment-variables/envvars/).
 */
const ENVIRONMENT = {
  COMPOSE_ANSI: "never",
  COMPOSE_IGNORE_ORPHANS: "true",
  COMPOSE_MENU: "false",
  COMPOSE_PROFILES: "",
  COMPOSE_REMOVE_ORPHANS: "false",
};

/** Making one container takes seconds; a volume driver may take its time. */
const CREATE_MS = 120_000;
/** So does stopping what ran before. */
const RECREATE_MS = 300_000;
const LINES = 3;

/** Compose's warnings begin with a time; what it fails with does not. */
const isWarning = (line: string): boolean => line.startsWith("time=");

/** What compose fails with, in few words. */
function words(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => !isWarning(line));
  return tailOf(lines.join("\n"), LINES).split("\n").join("; ");
}

/** Asks for the plugin's version: without a plugin, docker takes compose's flags for its own and complains of those. */
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
 * The flags that say which files, project and profile are meant, and the options to run compose with.
 *
 * @throws {ComposeUnreadableError} when a file is not there
 */
async function meant(source: ComposeSource): Promise<{ flags: string[]; options: RunOptions }> {
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
  // Paths that are left as they are written are read from there.
  return { flags, options: { env: ENVIRONMENT, cwd: dirname(resolve(source.file)) } };
}

async function read(client: DockerClient, source: ComposeSource): Promise<ComposeModel> {
  await demandPlugin(client);
  const { flags, options } = await meant(source);
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

/** IDs of a service's containers, running or not. */
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
  // What the service has stays as it is: compose knows its containers by labels, whatever they are called by now.
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
      // Not in a file: nothing is left behind when this process is killed.
      input: JSON.stringify(model),
    },
  );
}

/**
 * Docker's compose plugin, through docker's own command line client.
 *
 * @param host `unix://`, `tcp://`, `ssh://user@host`, a context's name, or undefined: the user's current one
 * @param inspectMs limit for a question, milliseconds
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
      const { flags, options } = await meant(source);
      const how = [start ? "--detach" : "--no-start", "--no-build", "--no-deps", "--force-recreate"];
      await client.run(["compose", ...flags, "up", ...how, "--", service], {
        title: "docker compose up",
        timeoutMs: RECREATE_MS,
        logFile,
        ...options,
      });
    },
    async removeService(source, service, { logFile }) {
      const { flags, options } = await meant(source);
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
