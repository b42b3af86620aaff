/** Characters of a check's output that are kept: its end. */
const KEPT = 65_536;

/**
 * The staging check as `@pulumi/command` runs it: a constant program for Node.js, which takes the user's command
 * from the environment. It never fails by itself: the last line says how the command ended, and what follows it
 * judges. A red check that failed here would leave nobody to put staging back. The last line names the release,
 * which the command is not told, so that nothing that it prints can pass for that line.
 */
export const CHECK_PROGRAM = [
  "const { spawn } = require('node:child_process');",
  "const { STAGING_CHECK, STAGING_CHECK_IN, STAGING_CHECK_HOST, STAGING_CHECK_SECONDS, STAGING_RELEASE, ...env } = process.env;",
  "const passed = ['STAGING_CONTAINER', 'STAGING_URL', 'STAGING_IMAGE_ID', 'STAGING_REVISION'];",
  "const inside = passed.flatMap((name) => ['--env', name]);",
  "const host = STAGING_CHECK_HOST ? [STAGING_CHECK_HOST.includes('://') ? '--host' : '--context', STAGING_CHECK_HOST] : [];",
  "const shell = ['sh', '-c', STAGING_CHECK];",
  "const [file, ...args] = STAGING_CHECK_IN ? ['docker', ...host, 'exec', ...inside, STAGING_CHECK_IN, ...shell] : shell;",
  "const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });",
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
  "child.on('error', (error) => end('could not be started: ' + error.message));",
  "const ended = (code, signal) => { clearTimeout(limit); end(signal === null ? 'exited with ' + code : 'ended by ' + signal); };",
  "child.on('close', ended);",
  // Something in the background may hold the channels open for ever: that is not what is judged.
  "child.on('exit', (code, signal) => setTimeout(ended, 1000, code, signal));",
].join("\n");

/** How a check is run. */
export interface CheckRun {
  /** Text for `sh -c`. */
  command: string;
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

/** The environment of {@link CHECK_PROGRAM}; the command sees the `STAGING_` variables too. Pure. */
export function checkEnvironment(run: CheckRun): Record<string, string> {
  const where: Record<string, string> = {};
  if (run.inContainer) where.STAGING_CHECK_IN = run.container;
  if (run.host !== null) where.STAGING_CHECK_HOST = run.host;
  return {
    STAGING_CHECK: run.command,
    STAGING_CHECK_SECONDS: String(run.seconds),
    ...where,
    STAGING_CONTAINER: run.container,
    STAGING_URL: run.url,
    STAGING_IMAGE_ID: run.imageId,
    STAGING_REVISION: run.revision,
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

/** Reads the outcome from what {@link CHECK_PROGRAM} printed; anything but a clear success is red. Pure. */
export function readCheck(stdout: string, release: string): CheckResult {
  const text = stdout.trimEnd();
  const at = text.lastIndexOf("\n");
  const last = text.slice(at + 1);
  const signed = `staging check ${release}: `;
  const ending = release !== "" && last.startsWith(signed) ? last.slice(signed.length) : null;
  if (ending === null) return { ok: false, words: "nobody knows how the check ended", output: text };
  return {
    ok: ending === "exited with 0",
    words: `the check ${ending}`,
    output: text.slice(0, Math.max(at, 0)),
  };
}
