import { type ShellCall } from "../shell-calls";
import { type ShellWord } from "../shell-commands";
import { atProgram, setting, type RunFacts, type UnpinnedCall } from "./rule";
import { type ToolKind, type ToolRow } from "./tool-row";
import { commandsOf, isToolKind, TOOLS, wordsOf, type ToolKindName } from "./tool-table";

interface Entry {
  kind: ToolKindName;
  fetches: string;
  row: ToolRow;
  commands: readonly string[];
}

const BY_TOOL = new Map<string, Entry[]>();
for (const kind of Object.keys(TOOLS).filter(isToolKind)) {
  const { fetches, rows }: ToolKind = TOOLS[kind];
  for (const row of rows) {
    for (const tool of wordsOf(row.tools)) {
      const entries = BY_TOOL.get(tool) ?? [];
      BY_TOOL.set(tool, entries);
      entries.push({ kind, fetches, row, commands: commandsOf(row) });
    }
  }
}

export const isTool = (name: string): boolean => BY_TOOL.has(name);

/** What a call of a tool fetches without a lock, as the tool's rows have it. */
export function toolFindings(call: ShellCall, facts: RunFacts): UnpinnedCall[] {
  const entries = BY_TOOL.get(call.name);
  const asked = entries && commandIn(call.args, entries);
  if (!asked || onlyHelp(call.args, asked.entry.row)) return [];
  const { entry, command, operands } = asked;
  const tail = danger(call, entry.row, operands, facts);
  if (tail === null) return [];
  const words = command === "" ? call.name : `${call.name} ${command}`;
  return atProgram(call, entry.kind, `${words} fetches ${entry.fetches} at the time of the build: ${tail}.`);
}

/** What is missing so that the call always fetches the same. Null if nothing is missing. */
function danger(
  call: ShellCall,
  row: ToolRow,
  operands: readonly ShellWord[],
  facts: RunFacts,
): string | null {
  const variable = Object.entries(row.variables ?? {}).some(([name, value]) =>
    value.test(setting(call, facts, name)),
  );
  if (hasAny(call, row.offline) || (variable && row.both !== true)) return null;
  if (row.manifest !== undefined && !facts.brings(call, [row.manifest], true)) return null;
  if (row.exact !== undefined && isExact(call, row.exact, row, operands, facts)) return null;
  const locks = wordsOf(row.locks);
  const undone = hasAny(call, row.undoes);
  if (undone) return `${wordsOf(row.undoes).join(", ")} makes it go past its lock`;
  const locked = locks.length > 0 && facts.brings(call, locks, row.below === true);
  const demanded = variable || hasAny(call, row.demands);
  if (row.both === true ? locked && demanded : locked || demanded) return null;
  const names = locks.join(" or ");
  const [option = ""] = wordsOf(row.demands);
  if (locked) return `${names} is there, but without ${option} it may be changed`;
  if (locks.length > 0) return `no COPY, ADD or bind mount brings in ${names}`;
  return row.exact === undefined ? "no lock file says which versions" : "no exact version is asked for";
}

/** The row that the call's sub-command has, that command, and the words after it that are no options. */
function commandIn(
  args: readonly ShellWord[],
  entries: readonly Entry[],
): { entry: Entry; command: string; operands: ShellWord[] } | null {
  const operandsAfter = (index: number): ShellWord[] =>
    args.slice(index + 1).filter(({ text }) => !/^[-+]/.test(text));
  const rowOf = (command: string): Entry | undefined =>
    entries.find(({ commands }) => commands.includes(command));
  let seen = false;
  for (const [index, { text: written }] of args.entries()) {
    const text = written.replace(/,$/, "");
    if (/^[-+]/.test(text)) continue;
    const [next, ...rest] = operandsAfter(index);
    const two = next && rowOf(`${text} ${next.text.replace(/,$/, "")}`);
    if (two) return { entry: two, command: `${text} ${next.text}`, operands: rest };
    const one = rowOf(text);
    if (one) return { entry: one, command: text, operands: operandsAfter(index) };
    seen = true;
    // The word may be an option's value. `mix do` runs the commands that follow.
    const before = args[index - 1]?.text ?? "";
    if (text !== "do" && !(/^-/.test(before) && !before.includes("="))) break;
  }
  const other = rowOf(seen ? "(any)" : "(alone)");
  return other ? { entry: other, command: "", operands: operandsAfter(-1) } : null;
}

function onlyHelp(args: readonly ShellWord[], { exact = "" }: ToolRow): boolean {
  return args.some(
    ({ text }, index) =>
      text === "--help" ||
      text === "-h" ||
      text === "-help" ||
      (text === "--version" && (index === 0 || !exact.includes("--version"))) ||
      (index === 0 && /^(?:help|version|-V|-version)$/.test(text)),
  );
}

/** Whether the call has one of the options, also as `--option=value`, but not `--option=false`. */
function hasAny({ args }: ShellCall, options: string | undefined): boolean {
  return wordsOf(options).some((option) =>
    args.some(({ text }) => text === option || (text.startsWith(`${option}=`) && !text.endsWith("=false"))),
  );
}

const VERSION = String.raw`v?={0,2}(?:\d+\.\d+\.\d+(?:[-+.][\w.+-]*)?|\d+(?:\.\d+)+-\d+)`;
/** A whole version, a dated channel or a full commit; alone, or after a name and one of `@ : = / - .`. */
const EXACT = new RegExp(
  String.raw`^(?:.*(?:[@:=/]|[A-Za-z_][-.]))?(?:${VERSION}|\w+-\d{4}-\d\d-\d\d(?:-[\w-]+)?|[0-9a-f]{40})$`,
);
const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** No version is longer. */
const MAXIMUM_WORD = 200;
/** Words that name whatever is current. */
const MOVING =
  /^(?:.*[@:])?(?:latest|stable|nightly|beta|alpha|current|lts.*|system|v?\d+(?:\.\d+)?(?:\.x)?)$/i;

/** Whether the call asks for exact versions, in the way that the row names. */
function isExact(
  call: ShellCall,
  how: string,
  row: ToolRow,
  operands: readonly ShellWord[],
  facts: RunFacts,
): boolean {
  const { args } = call;
  const known = ({ text, substituted }: ShellWord): string =>
    substituted ? "" : (text.includes("$") ? (facts.value(text) ?? "") : text).slice(0, MAXIMUM_WORD);
  if (how === "digest") return operands.some((word) => DIGEST.test(known(word)));
  if (how === "each" || how === "some") {
    const values = wordsOf(row.values);
    const words = operands
      .filter((word) => !values.includes(args[args.indexOf(word) - 1]?.text ?? ""))
      .map(known);
    const exact = words.filter((word) => EXACT.test(word));
    return (
      exact.length > 0 &&
      (how === "each" ? exact.length === words.length : !words.some((word) => MOVING.test(word)))
    );
  }
  return wordsOf(how).some((option) =>
    args.some((word, index) => {
      const value = word.text.startsWith(`${option}=`)
        ? known({ ...word, text: word.text.slice(option.length + 1) })
        : word.text === option && args[index + 1]
          ? known(args[index + 1] as ShellWord)
          : "";
      return EXACT.test(value);
    }),
  );
}
