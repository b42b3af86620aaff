import { shellQuote } from "../base/ssh/shell-quote";

/** Characters of a check's output that are kept: its end. */
export const KEPT = 65_536;

/** What a check is told of the release: variable -> value. */
type Told = Readonly<Record<string, string>>;

/**
 * All that a remote shell reads is a script on its standard input: no login shell, whichever it is, takes any of it
 * for its own. `dd` reads exactly the script and leaves the rest of the input alone.
 */
export function scriptReader(bytes: number): string {
  return `exec sh -c 'eval "$(dd bs=1 count=${bytes} 2>/dev/null)"'`;
}

/** The same for a connection that ends its input after the script. */
export const WHOLE_READER = `exec sh -c 'eval "$(cat)"'`;

/** `export NAME='value'` for each; names are constants of ours. */
function exportsOf(told: Told): string[] {
  return Object.entries(told).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
}

/** A process group of its own, as far as the other side has the means: what the command has started ends with it. */
const GROUP = [
  "if command -v setsid >/dev/null 2>&1; then verified_images_group=setsid; else verified_images_group=; fi",
  'verified_images_kill() { kill -KILL "-$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null; }',
];

/**
 * POSIX shell that runs a check and exits as it did. Its standard input is a life-line: where it ends (the client was
 * killed, the connection broke), the check is killed with all that it has started.
 */
export function lifelineScript(command: string, told: Told): string {
  return [
    ...exportsOf(told),
    ...GROUP,
    `$verified_images_group sh -c ${shellQuote(command)} </dev/null &`,
    "verified_images_pid=$!",
    // Without the duplicate, the shell gives a command in the background an empty input.
    "exec 3<&0",
    '{ cat <&3; verified_images_kill "$verified_images_pid"; } >/dev/null 2>&1 &',
    "wait $verified_images_pid",
    "exit $?",
  ].join("\n");
}

/** How a check is run by a shell alone. */
interface ShellCheck {
  command: string;
  told: Told;
  /** The release's name, which signs the outcome. The command is not told it. */
  release: string;
  /** Limit, seconds. */
  seconds: number;
}

/**
 * POSIX shell that runs a check, ends it at its limit, prints the end of its output, and in the last line how it
 * ended, as the local program does. It never fails by itself.
 */
export function signedScript({ command, told, release, seconds }: ShellCheck): string {
  const sign = (words: string): string =>
    `printf '\\nstaging check %s: %s\\n' ${shellQuote(release)} "${words}"`;
  return [
    ...exportsOf(told),
    ...GROUP,
    `verified_images_folder=$(mktemp -d) || { ${sign("could not be started: mktemp failed")}; exit 0; }`,
    `trap 'rm -rf "$verified_images_folder"' EXIT`,
    `$verified_images_group sh -c ${shellQuote(command)} </dev/null >"$verified_images_folder/said" 2>&1 &`,
    "verified_images_pid=$!",
    // `sleep` takes whole seconds (POSIX); it is killed with its shell, which holds no channel open.
    `( trap 'kill "$verified_images_sleep" 2>/dev/null; exit' TERM; sleep ${Math.ceil(seconds)} & verified_images_sleep=$!; ` +
      'wait "$verified_images_sleep"; : >"$verified_images_folder/late"; ' +
      'verified_images_kill "$verified_images_pid" ) >/dev/null 2>&1 &',
    "verified_images_watch=$!",
    // The shell's own words about a command that was killed are no part of the outcome.
    "exec 2>/dev/null",
    "wait $verified_images_pid",
    "verified_images_code=$?",
    "kill $verified_images_watch 2>/dev/null",
    `tail -c ${KEPT} "$verified_images_folder/said"`,
    'if [ -e "$verified_images_folder/late" ]; then',
    sign(`took longer than ${seconds} s`),
    'elif [ "$verified_images_code" -gt 128 ]; then',
    sign("ended by signal $((verified_images_code - 128))"),
    "else",
    sign("exited with $verified_images_code"),
    "fi",
    "exit 0",
  ].join("\n");
}
