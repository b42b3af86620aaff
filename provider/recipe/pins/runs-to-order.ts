import { execWords } from "../dockerfile/exec-words";
import { mapRange } from "../dockerfile/mapped-text";
import { execCalls, shellCalls, type ShellCall } from "../dockerfile/shell-calls";
import { runInstructions } from "../dockerfile/stages";
import type { ParsedDockerfile, RunInstruction, Stage } from "../dockerfile/types";

/** Programs that install or remove packages by pip or npm, also as a word of another call (`python -m pip`). */
const INSTALLERS = /^(?:pip[\d.]*|pipx|pipenv|poetry|pdm|uv|uvx|npm|npx|yarn|pnpm|corepack)$/;
/** Of the installers, those that run no other program by a command of theirs. */
const PLAIN = /^(?:pip[\d.]*|npm|yarn|pnpm)$/;
/** What these do without a change of what is installed. */
const HARMLESS =
  /^(?:run|run-script|test|start|config|cache|ls|list|view|pack|publish|freeze|check|show|download|wheel|--version|-v|-V)$/;
/** Package managers of systems, which have packages of these names. */
const SYSTEMS = /^(?:apt|apt-get|aptitude|apk|dnf|microdnf|yum|tdnf|zypper|dpkg)$/;
/** Programs that run other commands from a file. */
const RUNNERS = /^(?:make|ninja|just|task|tox|nox|ansible-playbook)$/;
const SHELLS = /^(?:ba|da|a|z|k)?sh$/;

const base = (word: string): string => word.slice(word.lastIndexOf("/") + 1);

/** Whether a call may change what pip or npm have installed. A script may do anything. */
function mayInstall({ name, word, args }: ShellCall): boolean {
  if (SYSTEMS.test(name)) return false;
  if (RUNNERS.test(name)) return true;
  if (PLAIN.test(name))
    return !HARMLESS.test(args.find(({ text }) => !/^--(?!version$)/.test(text))?.text ?? "");
  if (INSTALLERS.test(name)) return true;
  if (/^\.{1,2}\/|\.sh$|^\$/.test(word.text)) return true;
  const words = args.map(({ text }) => text);
  if (SHELLS.test(name) && words.some((text) => /\.sh$|\//.test(text))) return true;
  return words.some((text) => INSTALLERS.test(base(text)));
}

function callsOf(parsed: ParsedDockerfile, run: RunInstruction): ShellCall[] {
  const bodies = run.heredocs.map((heredoc) => mapRange(parsed.text, heredoc));
  return run.exec ? execCalls(execWords(run.args)) : shellCalls(run.args, bodies);
}

/**
 * The numbers of a stage's RUNs, from 1, after which other packages may have stood than at the stage's end: those that may
 * install with pip or npm and that another such RUN follows. Most stages have none. Each one costs a capture.
 */
export function runsToOrder(parsed: ParsedDockerfile, stage: Stage): number[] {
  const installing = runInstructions(stage).flatMap((run, at) =>
    callsOf(parsed, run).some(mayInstall) ? [at + 1] : [],
  );
  return installing.slice(0, -1);
}
