import { type ToolKind, type ToolRow } from "./tool-row";
import { commandsOf, TOOLS, wordsOf } from "./tool-table";

/** The rows of the reference's table of tools: kind, calls, what they fetch, and when they are not listed. */
export function toolTable(): string[][] {
  return Object.entries<ToolKind>(TOOLS).flatMap(([kind, { fetches, rows }]) =>
    rows.map((row) => [code(kind), calls(row), fetches, safe(row)]),
  );
}

const code = (text: string): string => `\`${text}\``;
const either = (text: string | undefined): string => wordsOf(text).map(code).join(" or ");

function calls(row: ToolRow): string {
  const tools = wordsOf(row.tools).map(code).join(", ");
  const commands = commandsOf(row).filter((command) => !command.startsWith("("));
  return commands.length === 0 ? tools : `${tools}: ${commands.map(code).join(", ")}`;
}

function safe(row: ToolRow): string {
  const { locks, demands, both, offline, variables, exact, manifest, undoes } = row;
  const undone = undoes === undefined ? "" : `, without ${either(undoes)}`;
  const locked = [
    ...(locks === undefined ? [] : [`${either(locks)} comes in${undone}`]),
    ...(demands === undefined ? [] : [`the call has ${either(demands)}`]),
  ].join(both === true ? " and " : "; ");
  const version: Record<string, string> = {
    each: "each word has an exact version",
    some: "a word is an exact version",
    digest: "the image is named with its sha256",
  };
  const cases = [
    ...(locked === "" ? [] : [locked]),
    ...(exact === undefined ? [] : [version[exact] ?? `${either(exact)} has an exact value`]),
    ...(offline === undefined ? [] : [either(offline)]),
    ...Object.keys(variables ?? {}).map((name) => `${code(name)} says so`),
    ...(manifest === undefined ? [] : [`no ${either(manifest)} comes in`]),
  ];
  return cases.length === 0 ? "always listed" : cases.join("; ");
}
