import { before } from "../../base/words/cut";
import { baseKind } from "./agents";
import { buildScripts } from "./scripts";
import { sectionsOf, type ParsedDefinition } from "./types";

/** Where the value of a label comes from, as far as a definition tells. */
export type LabelSource =
  /** The definition's own `%labels`. */
  | "own"
  /** What the last stage is built on, in the words of its header. */
  | { base: string }
  /** The definition does not tell. */
  | "unknown";

/** How a script can set labels: by a file that the engine reads after `%post`, or by the engine's own file. */
const SETS_LABELS = /(?:APPTAINER|SINGULARITY)_LABELS|labels\.json/;

/** The values of the last stage's `%labels`, as the engine reads them: the last value of a name wins. */
export function labelsOf({ stages, text }: ParsedDefinition): Map<string, string> {
  const labels = new Map<string, string>();
  const last = stages.at(-1);
  for (const { body } of last === undefined ? [] : sectionsOf(last, "labels")) {
    for (const line of text
      .slice(body.start, body.end)
      .split("\n")
      .map((each) => each.trim())) {
      // The engine cuts at the first space, and at no other blank.
      const name = before(line, " ");
      if (name !== "" && !name.startsWith("#")) labels.set(name, line.slice(name.length).trim());
    }
  }
  return labels;
}

/** Where an image has the value of a label from, by the definition that it was built from. */
export function sourceOfLabel(definition: ParsedDefinition, name: string, value: string): LabelSource {
  if (labelsOf(definition).get(name) === value.trim()) return "own";
  const last = definition.stages.at(-1);
  if (last === undefined) return "unknown";
  const scripts = [...buildScripts(last), ...sectionsOf(last, "setup")];
  if (scripts.some(({ body }) => SETS_LABELS.test(definition.text.slice(body.start, body.end))))
    return "unknown";
  const kind = baseKind(last.agent);
  if (kind === "nothing" || kind === "packages") return "unknown";
  return { base: `${last.agent} ${last.header.get("from")?.value ?? ""}`.trim() };
}
