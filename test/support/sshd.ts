import { existsSync, mkdirSync, rmSync } from "node:fs";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { runChild } from "./child";
import { startDaemon } from "./daemon";
import { DOCKER_ENV, dockerProgram } from "./docker";
import { findPrograms } from "./find-program";
import { freePort } from "./free-port";

/** What the client's known_hosts say of the server. */
export type Trust = "known" | "unknown" | "changed";

/** A real OpenSSH server on loopback, and a client's configuration that knows it; nothing of the user's is touched. */
export interface Sshd {
  readonly port: number;
  /** The user that may log in: the one who runs the tests. */
  readonly user: string;
  /** A name that only the client's configuration knows. */
  readonly alias: string;
  /** `ssh://<alias>` */
  readonly url: string;
  /** The server's public key: `<type> <base64>`. */
  readonly hostKey: string;
  /** The client's private key, as text. */
  readonly privateKey: string;
  /** What to put first on PATH, so that `ssh` reads this configuration and no other. */
  readonly bin: string;
  /** An environment in which `ssh` is the client of this server. */
  env(base?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  /** Changes what the client believes of the server's key. */
  trust(how: Trust): Promise<void>;
  /** Changes which key the client shows: its own, or one that the server does not know. */
  useKey(which: "own" | "strange"): Promise<void>;
  /** What the server has logged. */
  log(): string;
  /** Ends the server with all its sessions, and removes its folder. */
  close(): Promise<void>;
}

/** How a server differs from the usual one. */
export interface SshdOptions {
  /** PATH of what is run on it. Default: one on which the tests' docker client comes first. */
  path?: string;
  /** Run for every session instead of what the client asks for. */
  forceCommand?: string;
  /** The client's sessions share one connection (ControlMaster), as people are advised to. Default: each its own. */
  share?: boolean;
}

const ALIAS = "builder-on-loopback";

async function makeKey(file: string): Promise<string> {
  const made = await runChild("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
  if (made.code !== 0) throw new Error(`ssh-keygen exited ${made.code}\n${made.stderr}`);
  return (await readFile(`${file}.pub`, "utf8")).trim();
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

/** What sessions have: the docker client of the tests, and their engine where it is not the machine's own. */
async function sessionVariables(path: string | undefined): Promise<string> {
  const { DOCKER_HOST = "" } = DOCKER_ENV;
  const own = [dirname(await dockerProgram()), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  const engine = DOCKER_HOST.startsWith("unix://") ? ` DOCKER_HOST=${DOCKER_HOST}` : "";
  return `PATH=${path ?? own}${engine}`;
}

/** Starts a server with keys of its own. Throws, with what sshd says, when it does not start. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const [program] = [...findPrograms("sshd"), ...findPrograms("sshd", "/usr/sbin:/usr/local/sbin")];
  const [client] = findPrograms("ssh");
  if (program === undefined || client === undefined)
    throw new Error("no OpenSSH here: run the tests' set-up");
  const folder = await mkdtemp(join(tmpdir(), "verified-images-sshd-"));
  const at = (...names: string[]): string => join(folder, ...names);
  const user = userInfo().username;
  const port = await freePort();
  mkdirSync(at("bin"));
  // sshd's separation of privileges wants this folder, which the system's own service makes.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const hostKey = await makeKey(at("host_key"));
  const other = await makeKey(at("other_key"));
  const own = await makeKey(at("own_key"));
  await makeKey(at("strange_key"));
  await writeFile(at("authorized_keys"), `${own}\n`, { mode: 0o600 });
  const server = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host_key")}`,
    `PidFile ${at("pid")}`,
    `AuthorizedKeysFile ${at("authorized_keys")}`,
    "UsePAM no",
    // The folder is below one that everybody may write to.
    "StrictModes no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "MaxStartups 100",
    `SetEnv ${await sessionVariables(options.path)}`,
    ...(options.forceCommand === undefined ? [] : [`ForceCommand ${options.forceCommand}`]),
  ];
  await writeFile(at("sshd_config"), `${server.join("\n")}\n`);
  /** What is shared was judged by what held before. */
  const part = async (): Promise<void> => {
    if (existsSync(at("c"))) await runChild(at("bin", "ssh"), ["-O", "exit", ALIAS]);
  };
  const trust = async (how: Trust): Promise<void> => {
    await part();
    const names = `[127.0.0.1]:${port}`;
    const lines = { known: `${names} ${hostKey}\n`, unknown: "", changed: `${names} ${other}\n` };
    await writeFile(at("known_hosts"), lines[how]);
  };
  const useKey = async (which: "own" | "strange"): Promise<void> => {
    await part();
    await writeFile(
      at("ssh_config"),
      [
        `Host ${ALIAS}`,
        "  HostName 127.0.0.1",
        `  Port ${port}`,
        `  User ${user}`,
        ...(options.share === true
          ? ["ControlMaster auto", `ControlPath ${at("c")}`, "ControlPersist 60"]
          : []),
        "Host *",
        `  IdentityFile ${at(`${which}_key`)}`,
        "  IdentitiesOnly yes",
        "  IdentityAgent none",
        `  UserKnownHostsFile ${at("known_hosts")}`,
        "  GlobalKnownHostsFile /dev/null",
        "",
      ].join("\n"),
    );
  };
  await trust("known");
  await useKey("own");
  await writeFile(at("bin", "ssh"), `#!/bin/sh\nexec ${client} -F ${at("ssh_config")} "$@"\n`);
  await chmod(at("bin", "ssh"), 0o755);

  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", removeFolder);
  const daemon = await startDaemon(program, ["-D", "-e", "-f", at("sshd_config")], () => isListening(port));
  return {
    port,
    user,
    alias: ALIAS,
    url: `ssh://${ALIAS}`,
    hostKey: hostKey.split(" ").slice(0, 2).join(" "),
    privateKey: await readFile(at("own_key"), "utf8"),
    bin: at("bin"),
    env: (base = process.env) => ({ ...base, PATH: [at("bin"), base.PATH ?? ""].join(delimiter) }),
    trust,
    useKey,
    log: daemon.said,
    async close() {
      await part();
      await daemon.stop();
      process.off("exit", removeFolder);
      removeFolder();
    },
  };
}
