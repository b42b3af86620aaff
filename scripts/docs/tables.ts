import { join } from "node:path";
import { type Argument, type Command, type Option } from "commander";
import { EXIT_CODES } from "../../cli/exit-code";
import { makeProgram } from "../../cli/program";
import { OUTSIDE_ECOSYSTEMS, signsText } from "../../provider/packages/capture/outside/ecosystems";
import { RULE_KINDS } from "../../provider/recipe/dockerfile/unpinned/kinds";
import { toolTable } from "../../provider/recipe/dockerfile/unpinned/tool-words";
import { PROJECT, typesOf, type Described } from "./described";

/** Which type's properties a table of the reference shows. */
const INPUTS = {
  "image-inputs": "ReproducibleImageArgs",
  "promotion-inputs": "PromotedImageArgs",
  "release-inputs": "StagedReleaseArgs",
  "staging-inputs": "StagingArgs",
  "staging-compose-inputs": "StagingComposeArgs",
  "staging-check-inputs": "StagingCheckArgs",
  "check-connection": "CheckConnection",
  "production-inputs": "ProductionArgs",
};
const OUTPUTS = {
  "image-outputs": "ImageOutputs",
  "promotion-outputs": "PromotedImage",
  "release-outputs": "StagedRelease",
};

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
  const rows = sorted.map(({ name, text, optional, fallback }) => [
    `\`${name}\``,
    text,
    fallback === "" && !optional ? "required" : fallback,
  ]);
  return table(["input", "meaning", "default"], rows);
}

function outputTable(properties: readonly Described[]): string {
  return table(
    ["output", "meaning"],
    properties.map(({ name, text }) => [`\`${name}\``, text]),
  );
}

/** A command's usage, its description, and all that it takes. */
function commandSection(command: Command): string {
  const takes = ({ required, variadic }: Argument, name: string): string =>
    `${required ? "<" : "["}${name}${variadic ? "..." : ""}${required ? ">" : "]"}`;
  const words = command.registeredArguments.map((argument) => takes(argument, argument.name()));
  const withDefault = ({ description, defaultValue }: Argument | Option): string =>
    typeof defaultValue === "string" ? `${description} (default: \`${defaultValue}\`)` : description;
  const rows = [
    ...command.registeredArguments
      .filter(({ description }) => description !== "")
      .map((argument) => [`\`${takes(argument, argument.name())}\``, withDefault(argument)]),
    ...command.options.map((option) => [
      `\`${option.flags}\``,
      option.argChoices === undefined
        ? withDefault(option)
        : `${option.description}: ${option.argChoices.map((choice) => `\`${choice}\``).join(", ")}`,
    ]),
  ];
  const about = command.description() === "" ? command.summary() : command.description();
  const title = ["verified-images", command.name(), ...words].join(" ");
  return [`### \`${command.name()}\``, `\`${title}\``, about, table(["takes", "meaning"], rows)].join("\n\n");
}

/** Every table of the reference that is made from the code, by the name that its markers have. */
export function makeTables(): Map<string, string> {
  const described = typesOf(join(PROJECT, "index.ts"));
  const typeOf = (name: string): Described[] => described(name).properties;
  const nothing = (): void => {};
  const { commands } = makeProgram({ env: {}, directory: "", out: nothing, err: nothing }, nothing);
  return new Map([
    ...Object.entries(INPUTS).map(([name, type]) => [name, inputTable(typeOf(type))] as const),
    ...Object.entries(OUTPUTS).map(([name, type]) => [name, outputTable(typeOf(type))] as const),
    ["commands", commands.map(commandSection).join("\n\n")],
    [
      "exit-codes",
      table(
        ["code", "meaning"],
        EXIT_CODES.map(({ code, meaning }) => [`\`${code}\``, meaning]),
      ),
    ],
    [
      "not-captured",
      table(
        ["not captured", "shown by files"],
        OUTSIDE_ECOSYSTEMS.map((sign) => [sign.what, signsText(sign)]),
      ),
    ],
    [
      "unpinned-kinds",
      table(
        ["kind", "listed for"],
        Object.entries(RULE_KINDS).map(([kind, what]) => [`\`${kind}\``, what]),
      ),
    ],
    ["unpinned-tools", table(["kind", "calls", "fetches", "not listed if"], toolTable())],
  ]);
}
