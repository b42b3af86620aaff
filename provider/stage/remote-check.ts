import { shellQuote } from "../base/ssh/shell-quote";
import { PRINTABLE_FILTER } from "./printed";

/** How many characters of a check's output are kept, from its end. */
export const KEPT = 65_536;

/** What a check is told about the release: variable -> value. */
type Told = Readonly<Record<string, string>>;

/**
 * The command for the remote login shell: run the script that comes on standard input. So the script does not depend on
 * which shell that is. `dd` reads exactly the script and leaves the rest of the input.
 */
export function scriptReader(bytes: number): string {
  return `exec sh -c 'eval "$(dd bs=1 count=${bytes} 2>/dev/null)"'`;
}

/** The same for a connection whose input ends after the script. */
export const WHOLE_READER = `exec sh -c 'eval "$(cat)"'`;

/** `export NAME='value'` for each variable. The names are our own, so they need no quotes. */
function exportsOf(told: Told): string[] {
  return Object.entries(told).map(([name, value]) => `export ${name}=${shellQuote(value)}`);
}

/** Puts the command into a process group of its own, if the host has `setsid`, so that its children can be killed with it. */
const GROUP = [
  "if command -v setsid >/dev/null 2>&1; then verified_images_group=setsid; else verified_images_group=; fi",
  'verified_images_kill() { kill -KILL "-$1" 2>/dev/null || kill -KILL "$1" 2>/dev/null; }',
];

/**
 * A POSIX shell script that runs a check and exits with its exit code. When its standard input ends (the client was killed,
 * or the connection broke), it kills the check and its children.
 */
export function lifelineScript(command: string, told: Told): string {
  return [
    ...exportsOf(told),
    ...GROUP,
    `$verified_images_group sh -c ${shellQuote(command)} </dev/null &`,
    "verified_images_pid=$!",
    // The shell gives a background command an empty input, so the real one is duplicated first.
    "exec 3<&0",
    '{ cat <&3; verified_images_kill "$verified_images_pid"; } >/dev/null 2>&1 &',
    "wait $verified_images_pid",
    "exit $?",
  ].join("\n");
}

/** A check that a shell script runs and reports by itself. */
interface ShellCheck {
  command: string;
  told: Told;
  /** The release's name, for the line with the outcome. The command does not get it. */
  release: string;
  /** Limit in seconds. */
  seconds: number;
}

/**
 * A POSIX shell script that runs a check and kills it at its limit. It prints the end of the check's output, and on its
 * last line how the check ended, in the form of `CHECK_PROGRAM`. It always exits with 0.
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
    // `sleep` takes whole seconds (POSIX). It is killed with its shell, so it keeps no output open.
    `( trap 'kill "$verified_images_sleep" 2>/dev/null; exit' TERM; sleep ${Math.ceil(seconds)} & verified_images_sleep=$!; ` +
      'wait "$verified_images_sleep"; : >"$verified_images_folder/late"; ' +
      'verified_images_kill "$verified_images_pid" ) >/dev/null 2>&1 &',
    "verified_images_watch=$!",
    // Hides the shell's own message about a killed command.
    "exec 2>/dev/null",
    "wait $verified_images_pid",
    "verified_images_code=$?",
    "kill $verified_images_watch 2>/dev/null",
    `tail -c ${KEPT} "$verified_images_folder/said" | { ${PRINTABLE_FILTER}; }`,
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
