import { clientLines, sshFailure } from "../base/ssh/failure";
import { KEPT, lifelineScript, scriptReader } from "./remote-check";

/** ssh's own exit code for "could not connect" (ssh(1)); a command may take it too. */
const SSH_FAILED = 255;

/**
 * The staging check as `@pulumi/command` runs it: a constant program for Node.js, which takes the user's command
 * from the environment. It never fails by itself: the last line says how the command ended, and what follows it
 * judges. A red check that failed here would leave nobody to put staging back. The last line names the release,
 * which the command is not told, so that nothing that it prints can pass for that line.
 *
 * Over ssh it is the user's own client that connects, with the user's configuration, and asks nobody. It gets a script
 * on its input, which stays open: where it ends, the other side ends the command.
 */
export const CHECK_PROGRAM = [
  "const { spawn } = require('node:child_process');",
  "const { STAGING_CHECK, STAGING_CHECK_IN, STAGING_CHECK_HOST, STAGING_CHECK_SECONDS, STAGING_CHECK_SSH, STAGING_CHECK_READER, STAGING_RELEASE, ...env } = process.env;",
  "if (STAGING_CHECK_SSH || STAGING_CHECK_IN) Object.assign(env, { SSH_ASKPASS_REQUIRE: 'never', SSH_ASKPASS: '/bin/false' });",
  "const passed = ['STAGING_CONTAINER', 'STAGING_URL', 'STAGING_IMAGE_ID', 'STAGING_REVISION'];",
  "const inside = passed.flatMap((name) => ['--env', name]);",
  "const host = STAGING_CHECK_HOST ? [STAGING_CHECK_HOST.includes('://') ? '--host' : '--context', STAGING_CHECK_HOST] : [];",
  "const shell = ['sh', '-c', STAGING_CHECK];",
  "const ssh = ['ssh', '-T', '-o', 'BatchMode=yes', '-o', 'RemoteCommand=none', '--', STAGING_CHECK_SSH, STAGING_CHECK_READER];",
  "const beside = STAGING_CHECK_SSH ? ssh : shell;",
  "const [file, ...args] = STAGING_CHECK_IN ? ['docker', ...host, 'exec', ...inside, STAGING_CHECK_IN, ...shell] : beside;",
  "const child = spawn(file, args, { env, stdio: [STAGING_CHECK_SSH ? 'pipe' : 'ignore', 'pipe', 'pipe'], detached: true });",
  "if (STAGING_CHECK_SSH) child.stdin.on('error', () => {}).write(STAGING_CHECK);",
  "let said = '';",
  `const keep = (text) => { said = (said + text).slice(-${KEPT}); };`,
  "for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);",
  "let over = false;",
  "const end = (words) => {",
  "  if (over) return;",
  "  over = true;",
  "  process.stdout.write(said + '\\nstaging check ' + STAGING_RELEASE + ': ' + words + '\\n', () => process.exit(0));",
  "};",
  "const kill = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { } };",
  "const limit = setTimeout(() => { kill(); end('took longer than ' + STAGING_CHECK_SECONDS + ' s'); }, STAGING_CHECK_SECONDS * 1000);",
  "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { kill(); end('ended by ' + signal); });",
  "const where = STAGING_CHECK_SSH ? ' on ' + STAGING_CHECK_SSH : '';",
  "child.on('error', (error) => end('could not be started: ' + error.message));",
  "const ended = (code, signal) => { clearTimeout(limit); end(signal === null ? 'exited with ' + code + where : 'ended by ' + signal); };",
  "child.on('close', ended);",
  // Something in the background may hold the channels open for ever: that is not what is judged.
  "child.on('exit', (code, signal) => setTimeout(ended, 1000, code, signal));",
].join("\n");

/**
 * What {@link CHECK_PROGRAM} means by green, as a number: a change of it makes each release anew, and a change of the
 * text alone does not.
 */
export const CHECK_VERSION = 1;

/** How a check is run. */
export interface CheckRun {
  /** Text for `sh -c`. */
  command: string;
  /** Run it over ssh at this destination; null: here. */
  ssh: string | null;
  /** Run it by `docker exec` in the staging container instead of beside it. */
  inContainer: boolean;
  /** Limit, seconds. */
  seconds: number;
  container: string;
  url: string;
  imageId: string;
  revision: string;
  /** The release's name: what the outcome is signed with. */
  release: string;
  host: string | null;
}

/** What the command is told of the release. */
export function toldOf(run: Omit<CheckRun, "ssh">): Record<string, string> {
  return {
    STAGING_CONTAINER: run.container,
    STAGING_URL: run.url,
    STAGING_IMAGE_ID: run.imageId,
    STAGING_REVISION: run.revision,
  };
}

/** The environment of {@link CHECK_PROGRAM}; the command sees the `STAGING_` variables too. */
export function checkEnvironment(run: CheckRun): Record<string, string> {
  const told = toldOf(run);
  const script = run.ssh === null ? run.command : lifelineScript(run.command, told);
  return {
    STAGING_CHECK: script,
    STAGING_CHECK_SECONDS: String(run.seconds),
    // Empty is not meant: one that is inherited from somewhere would lead the check elsewhere.
    STAGING_CHECK_SSH: run.ssh ?? "",
    STAGING_CHECK_READER: run.ssh === null ? "" : scriptReader(Buffer.byteLength(script)),
    STAGING_CHECK_IN: run.inContainer ? run.container : "",
    STAGING_CHECK_HOST: run.host ?? "",
    ...told,
    STAGING_RELEASE: run.release,
  };
}

/** How a check ended. */
export interface CheckResult {
  ok: boolean;
  /** `the check exited with 1`. */
  words: string;
  /** What it printed. */
  output: string;
}

/** Reads the outcome from what {@link CHECK_PROGRAM} printed; anything but a clear success is red. */
export function readCheck(stdout: string, release: string): CheckResult {
  const text = stdout.trimEnd();
  const at = text.lastIndexOf("\n");
  const last = text.slice(at + 1);
  const signed = `staging check ${release}: `;
  const ending = release !== "" && last.startsWith(signed) ? last.slice(signed.length) : null;
  if (ending === null) return { ok: false, words: "nobody knows how the check ended", output: text };
  const output = text.slice(0, Math.max(at, 0));
  const [, code, destination] = /^exited with ([0-9]+)(?: on (\S+))?$/.exec(ending) ?? [];
  if (destination === undefined || Number(code) !== SSH_FAILED) {
    return { ok: code === "0", words: `the check ${ending}`, output };
  }
  const why = sshFailure(destination, clientLines(output));
  const words = why === null ? "which is also what ssh says when it can't connect" : why;
  return { ok: false, words: `the check ${ending}, ${words}`, output };
}
