import { type Argument, type Command, type Option } from "commander";
import { EXIT_CODES } from "../../cli/exit-code";
import { makeProgram } from "../../cli/program";
import { OUTSIDE_ECOSYSTEMS, signsText } from "../../provider/packages/capture/outside/ecosystems";
import { RULE_KINDS } from "../../provider/recipe/dockerfile/unpinned/kinds";
import { toolTable } from "../../provider/recipe/dockerfile/unpinned/tool-words";
import { readTypes, type Described } from "./described";

/** Types whose properties are a table of their name. */
const INPUTS = ["ReproducibleImageArgs", "PromotedImageArgs", "StagedReleaseArgs", "StagingArgs"];
INPUTS.push("StagingComposeArgs", "StagingCheckArgs", "CheckConnection", "ProductionArgs");
const OUTPUTS = ["ImageOutputs", "PromotedImage", "StagedRelease"];

/** Outside of code, Markdown would take `<name>` for HTML. */
function cell(text: string): string {
  const parts = text.replaceAll("|", "\\|").split(/(`[^`]*`)/);
  return parts.map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;"))).join("");
}
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");
}

function inputTable(properties: readonly Described[]): string {
  const sorted = [...properties].sort((a, b) => Number(a.optional) - Number(b.optional));
  const rows = sorted.map(({ name, text, optional, fallback }) => {
    return [`\`${name}\``, text, fallback === "" && !optional ? "required" : fallback];
  });
  return table(["input", "meaning", "default"], rows);
}

function outputTable(properties: readonly Described[]): string {
  const rows = properties.map(({ name, text }) => [`\`${name}\``, text]);
  return table(["output", "meaning"], rows);
}

/** A command's usage, its description, and all that it takes. */
function commandSection(command: Command): string {
  const takes = ({ required, variadic }: Argument, name: string): string =>
    `${required ? "<" : "["}${name}${variadic ? "..." : ""}${required ? ">" : "]"}`;
  const words = command.registeredArguments.map((argument) => takes(argument, argument.name()));
  const withDefault = ({ description, defaultValue }: Argument | Option): string =>
    typeof defaultValue === "string" ? `${description} (default: \`${defaultValue}\`)` : description;
  const choice = ({ argChoices = [] }: Option): string => argChoices.map((one) => `\`${one}\``).join(", ");
  const described = command.registeredArguments.filter(({ description }) => description !== "");
  const rows = [
    ...described.map((argument) => [`\`${takes(argument, argument.name())}\``, withDefault(argument)]),
    ...command.options.map((option) => [
      `\`${option.flags}\``,
      option.argChoices ? `${option.description}: ${choice(option)}` : withDefault(option),
    ]),
  ];
  const about = command.description() === "" ? command.summary() : command.description();
  const title = ["verified-images", command.name(), ...words].join(" ");
  return [`### \`${command.name()}\``, `\`${title}\``, about, table(["takes", "meaning"], rows)].join("\n\n");
}

/** Every table of the reference that is made from the code, by the name that its markers have. */
export function makeTables(): Map<string, string> {
  const typeOf = readTypes();
  const propertiesOf = (name: string): Described[] => typeOf("index.ts", name).properties;
  const nothing = (): void => {};
  const { commands } = makeProgram({ env: {}, directory: "", out: nothing, err: nothing }, nothing);
  const codes = EXIT_CODES.map(({ code, meaning }) => [`\`${code}\``, meaning]);
  const kinds = Object.entries(RULE_KINDS).map(([kind, what]) => [`\`${kind}\``, what]);
  const outside = OUTSIDE_ECOSYSTEMS.map((sign) => [sign.what, signsText(sign)]);
  return new Map([
    ...INPUTS.map((type) => [type, inputTable(propertiesOf(type))] as const),
    ...OUTPUTS.map((type) => [type, outputTable(propertiesOf(type))] as const),
    ["commands", commands.map(commandSection).join("\n\n")],
    ["exit-codes", table(["code", "meaning"], codes)],
    ["not-captured", table(["not captured", "shown by files"], outside)],
    ["unpinned-kinds", table(["kind", "listed for"], kinds)],
    ["unpinned-tools", table(["kind", "calls", "fetches", "not listed if"], toolTable())],
  ]);
}
