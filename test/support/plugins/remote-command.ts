import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "./run-command";
import { commandResource, notDone } from "./local-command";
import type { Properties } from "./values";

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
export const remoteCommand = commandResource({
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
