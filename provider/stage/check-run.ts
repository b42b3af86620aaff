import { clientLines, sshFailure } from "../base/ssh/failure";
import { asItWas, PRINTABLE_FUNCTION } from "./printed";
import { KEPT, lifelineScript, scriptReader } from "./remote-check";

/** ssh's exit code when it can't connect (ssh(1)). A command can exit with it too. */
const SSH_FAILED = 255;

/**
 * The staging check as `@pulumi/command` runs it: a fixed program for Node.js that reads the user's command from the
 * environment. It always exits with 0, because a failure here would stop the update before staging could be put back. Its
 * last line says how the command ended, and a later step judges that. The last line contains the release's name, which the
 * command does not know, so no output of the command can imitate it.
 *
 * Over ssh, the user's own client connects, with the user's configuration and without asking questions. It gets a script on
 * its standard input, which stays open. When that input ends, the other host ends the command.
 *
 * Here, a second process ends the command when this program is killed, and the program ends it when its own parent is gone:
 * Ctrl-C makes `@pulumi/command` do one of the two.
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
  // Its input ends with this program.
  "const lifeline = child.pid && spawn('sh', ['-c', 'cat; kill -KILL -' + child.pid], { env, stdio: ['pipe', 'ignore', 'ignore'], detached: true });",
  "if (lifeline) lifeline.on('error', () => {}).stdin.on('error', () => {});",
  "const cut = () => { if (lifeline && lifeline.pid) try { process.kill(-lifeline.pid, 'SIGKILL'); } catch { } };",
  "if (STAGING_CHECK_SSH) child.stdin.on('error', () => {}).write(STAGING_CHECK);",
  "let said = '';",
  `const keep = (text) => { said = (said + text).slice(-${KEPT}); };`,
  "for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);",
  `const printable = ${PRINTABLE_FUNCTION};`,
  "let over = false;",
  "const end = (words) => {",
  "  if (over) return;",
  "  over = true;",
  "  cut();",
  "  process.stdout.write(printable(said) + '\\nstaging check ' + STAGING_RELEASE + ': ' + words + '\\n', () => process.exit(0));",
  "};",
  "const kill = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { } };",
  "const limit = setTimeout(() => { kill(); end('took longer than ' + STAGING_CHECK_SECONDS + ' s'); }, STAGING_CHECK_SECONDS * 1000);",
  "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { kill(); end('ended by ' + signal); });",
  "const { ppid } = process;",
  "setInterval(() => { if (process.ppid !== ppid) { kill(); process.exit(1); } }, 500).unref();",
  "const where = STAGING_CHECK_SSH ? ' on ' + STAGING_CHECK_SSH : '';",
  "child.on('error', (error) => end('could not be started: ' + error.message));",
  "const ended = (code, signal) => { clearTimeout(limit); end(signal === null ? 'exited with ' + code + where : 'ended by ' + signal); };",
  "child.on('close', ended);",
  // A background process of the command may keep its output open for ever. That must not delay the result.
  "child.on('exit', (code, signal) => setTimeout(ended, 1000, code, signal));",
].join("\n");

/**
 * Version of what {@link CHECK_PROGRAM} counts as green. A new number makes every release run again. A change of only the
 * program's text does not.
 */
export const CHECK_VERSION = 1;

/** How a check is run. */
export interface CheckRun {
  /** Text for `sh -c`. */
  command: string;
  /** Run it over ssh at this destination; null: here. */
  ssh: string | null;
  /** Run it with `docker exec` in the staging container; false: run it on the host. */
  inContainer: boolean;
  /** Limit in seconds. */
  seconds: number;
  container: string;
  url: string;
  imageId: string;
  revision: string;
  /** The release's name, by which the line with the outcome is recognised. */
  release: string;
  host: string | null;
}

/** The variables that tell the command about the release. */
export function toldOf(run: Omit<CheckRun, "ssh">): Record<string, string> {
  return {
    STAGING_CONTAINER: run.container,
    STAGING_URL: run.url,
    STAGING_IMAGE_ID: run.imageId,
    STAGING_REVISION: run.revision,
  };
}

/** The environment of {@link CHECK_PROGRAM}. The command gets the variables of {@link toldOf} too. */
export function checkEnvironment(run: CheckRun): Record<string, string> {
  const told = toldOf(run);
  const script = run.ssh === null ? run.command : lifelineScript(run.command, told);
  return {
    STAGING_CHECK: script,
    STAGING_CHECK_SECONDS: String(run.seconds),
    // Always set, because an inherited value would send the check to another host.
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
  /** How it ended, such as `the check exited with 1`. */
  words: string;
  /** What the command printed. */
  output: string;
}

/** Reads the outcome from the output of {@link CHECK_PROGRAM}. Only an exit code 0 on the signed last line is green. */
export function readCheck(stdout: string, release: string): CheckResult {
  const text = stdout.trimEnd();
  const at = text.lastIndexOf("\n");
  const last = text.slice(at + 1);
  const signed = `staging check ${release}: `;
  const ending = release !== "" && last.startsWith(signed) ? last.slice(signed.length) : null;
  if (ending === null) return { ok: false, words: "nobody knows how the check ended", output: text };
  const output = asItWas(text.slice(0, Math.max(at, 0)));
  const [, code, destination] = /^exited with ([0-9]+)(?: on (\S+))?$/.exec(ending) ?? [];
  if (destination === undefined || Number(code) !== SSH_FAILED) {
    return { ok: code === "0", words: `the check ${ending}`, output };
  }
  const why = sshFailure(destination, clientLines(output));
  const words = why === null ? "which is also what ssh says when it can't connect" : why;
  return { ok: false, words: `the check ${ending}, ${words}`, output };
}
