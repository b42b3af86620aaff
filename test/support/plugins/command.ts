import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { runCommand, type CommandOutput } from "./run-command";
import type { Failure, PluginStandIn, ResourceStandIn, World } from "./stand-in";
import { isUnknown, type Properties } from "./values";

interface Inputs extends Properties {
  create?: string;
  update?: string;
  delete?: string;
  interpreter?: string[];
  dir?: string;
  environment?: Record<string, string>;
  stdin?: string;
  logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none";
  addPreviousOutputInEnv?: boolean;
}

const OUTPUTS = ["stdout", "stderr"];

/** What the two commands do differently. */
interface Kind {
  file: string;
  check(inputs: Properties): Failure[];
  /** Runs a command; `before` is what was written before. */
  run(
    command: string,
    inputs: Inputs,
    before: Properties,
    signal: AbortSignal,
    say: Say,
  ): Promise<CommandOutput>;
}
type Say = Parameters<typeof runCommand>[2];

/** A failure for each of these properties that is given. */
const notDone = (given: Properties, properties: readonly string[], path = ""): Failure[] =>
  properties
    .filter((property) => given[property] !== undefined)
    .map((property) => ({
      property: path + property,
      reason: `the stand-in for command does not do ${property}`,
    }));

/** A resource that runs what it is told, as the real one does. Any input that has changed runs it again. */
function commandResource(kind: Kind): ResourceStandIn {
  /** Runs one of the three commands; without any, what was written before stays. */
  const run = async (command: unknown, inputs: Inputs, before: Properties, { signal, say }: World) => {
    const { stdout, stderr } = before;
    if (typeof command !== "string") return { stdout, stderr };
    const isLogged = (stream: string): boolean =>
      [undefined, stream, "stdoutAndStderr"].includes(inputs.logging);
    return await kind.run(command, inputs, before, signal, (line, stream) =>
      isLogged(stream) ? say(line) : undefined,
    );
  };
  return {
    declared: { file: kind.file, name: "CommandArgs" },
    check: (inputs) => ({ inputs, failures: kind.check(inputs) }),
    changes(old, inputs) {
      const names = new Set([...Object.keys(old), ...Object.keys(inputs)]);
      const changed = [...names].filter(
        (name) =>
          !OUTPUTS.includes(name) && (isUnknown(inputs[name]) || !isDeepStrictEqual(old[name], inputs[name])),
      );
      const entries = changed.map((name) => [name, name === "triggers" ? "replace" : "update"] as const);
      return { properties: Object.fromEntries(entries) };
    },
    async create(inputs, name, world) {
      const outputs = await run(inputs.create, inputs, { stdout: "", stderr: "" }, world);
      return { id: `${name}${randomBytes(4).toString("hex")}`, outputs: { ...inputs, ...outputs } };
    },
    async update({ outputs }, inputs, world) {
      return { ...inputs, ...(await run(inputs.update ?? inputs.create, inputs, outputs, world)) };
    },
    async delete({ outputs }, world) {
      await run(outputs.delete, outputs, outputs, world);
    },
  };
}

/** `command:local:Command`. */
const localCommand = commandResource({
  file: "local/command",
  check: (inputs) => notDone(inputs, ["assetPaths", "archivePaths"]),
  async run(command, { interpreter, dir, stdin, ...inputs }, { stdout, stderr }, signal, say) {
    const environment = { ...inputs.environment };
    if (inputs.addPreviousOutputInEnv !== false) {
      if (typeof stdout === "string" && stdout !== "") environment.PULUMI_COMMAND_STDOUT = stdout;
      if (typeof stderr === "string" && stderr !== "") environment.PULUMI_COMMAND_STDERR = stderr;
    }
    return await runCommand({ command, interpreter, dir, stdin, environment }, signal, say);
  },
});

interface Connection {
  host: string;
  user?: string;
  port?: number;
  privateKey?: string;
  hostKey?: string;
}

const NOT_DONE = ["password", "privateKeyPassword", "agentSocketPath", "proxy"];

/**
 * `command:remote:Command`: really connects, with the system's ssh client and nothing of anybody's configuration, and
 * runs the command in the other side's login shell.
 */
const remoteCommand = commandResource({
  file: "remote/command",
  check({ connection }) {
    const given = (connection ?? {}) as Properties;
    const needed = ["hostKey", "privateKey"].filter(
      (name) => connection !== undefined && given[name] === undefined,
    );
    return [
      ...notDone(given, NOT_DONE, "connection."),
      ...needed.map((name) => ({
        property: `connection.${name}`,
        reason: "the stand-in for command needs it",
      })),
    ];
  },
  async run(command, inputs, _before, signal, say) {
    const { host, user = "root", port = 22, privateKey = "", hostKey = "" } = inputs.connection as Connection;
    if (hostKey.startsWith("ssh-rsa"))
      throw new Error("ssh: handshake failed: ssh: no common algorithm for host key");
    const folder = await mkdtemp(join(tmpdir(), "verified-images-remote-command-"));
    try {
      const [key, known] = [join(folder, "key"), join(folder, "known_hosts")];
      await writeFile(key, `${privateKey.trim()}\n`, { mode: 0o600 });
      await writeFile(known, `${port === 22 ? host : `[${host}]:${port}`} ${hostKey}\n`);
      const options = {
        BatchMode: "yes",
        IdentityFile: key,
        IdentitiesOnly: "yes",
        IdentityAgent: "none",
        UserKnownHostsFile: known,
        GlobalKnownHostsFile: "/dev/null",
        StrictHostKeyChecking: "yes",
        LogLevel: "ERROR",
      };
      const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
      const interpreter = ["ssh", "-F", "none", "-T", "-p", String(port), "-l", user, ...flags, "--", host];
      return await runCommand({ command, interpreter, stdin: inputs.stdin }, signal, say);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

export const command: PluginStandIn = {
  name: "command",
  sdk: "@pulumi/command",
  resources: { "command:local:Command": localCommand, "command:remote:Command": remoteCommand },
  config: [],
};
