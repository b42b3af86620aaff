import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "./run-command";
import { localCommand } from "./local-command";
import type { Failure, ResourceStandIn, World } from "./stand-in";
import type { Properties } from "./values";

interface Connection {
  host: string;
  user?: string;
  port?: number;
  privateKey?: string;
  hostKey?: string;
}

const NOT_DONE = ["password", "privateKeyPassword", "agentSocketPath", "proxy"];

/** `command:remote:Command`: really connects, with the system's ssh client and nothing of anybody's configuration. */
export const remoteCommand: ResourceStandIn = {
  ...localCommand,
  declared: { file: "remote/command", name: "CommandArgs" },
  check(inputs) {
    const connection = (inputs.connection ?? {}) as Properties;
    const failures = NOT_DONE.filter((property) => connection[property] !== undefined).map(
      (property): Failure => ({
        property: `connection.${property}`,
        reason: `the stand-in for command does not do ${property}`,
      }),
    );
    for (const property of ["hostKey", "privateKey"]) {
      if (connection[property] !== undefined || inputs.connection === undefined) continue;
      failures.push({ property: `connection.${property}`, reason: "the stand-in for command needs it" });
    }
    return { inputs, failures };
  },
  async create(inputs, name, world) {
    const outputs = await run(inputs.create, inputs, { stdout: "", stderr: "" }, world);
    return { id: `${name}${randomBytes(4).toString("hex")}`, outputs: { ...inputs, ...outputs } };
  },
  async update({ outputs: { stdout, stderr } }, inputs, world) {
    return { ...inputs, ...(await run(inputs.update ?? inputs.create, inputs, { stdout, stderr }, world)) };
  },
  async delete({ outputs }, world) {
    await run(outputs.delete, outputs, outputs, world);
  },
};

/** Runs one of the three commands in the other side's login shell; without any, what was written before stays. */
async function run(
  command: unknown,
  inputs: Properties,
  { stdout, stderr }: Properties,
  { signal, say }: World,
): Promise<Properties> {
  if (typeof command !== "string") return { stdout, stderr };
  const { host, user = "root", port = 22, privateKey = "", hostKey = "" } = inputs.connection as Connection;
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
    const stdin = typeof inputs.stdin === "string" ? inputs.stdin : undefined;
    const isLogged = (stream: string): boolean =>
      [undefined, stream, "stdoutAndStderr"].includes(inputs.logging as string | undefined);
    return {
      ...(await runCommand({ command, interpreter, stdin }, signal, (line, stream) =>
        isLogged(stream) ? say(line) : undefined,
      )),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
