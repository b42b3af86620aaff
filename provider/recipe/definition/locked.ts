import type { Lock } from "../../packages/lock/types";
import type { PinFile } from "../pins/pin-files";
import { pinFolder } from "../pins/pinned-stage";
import { isShellScript } from "./scripts";
import { sectionsOf, type DefinitionStage, type ParsedDefinition } from "./types";

/** Where a build sees what it is given. /tmp is a place of the host in every build, so nothing of it gets into the image. */
export const GIVEN = "/tmp/.verified-images";
/** Where the pins are; a folder for each stage. */
export const PINS = `${GIVEN}/pins`;

/** A definition with its pins. */
export interface LockedDefinition {
  text: string;
  pins: PinFile[];
}

/** The name of a stage in a lock; null: it is the one that becomes the image. */
export function stageLabel({ stages }: ParsedDefinition, stage: DefinitionStage): string | null {
  return stage === stages.at(-1) ? null : (stage.name ?? String(stage.index));
}

/**
 * Makes the definition that repeats what a lock records: bases by digest, and at the beginning of `%post` in each stage the
 * variables by which apt, pip and npm find their pins. Nothing else of the text changes.
 *
 * @param bases what stands for the value of `From`, by the index of the stage; left out: it stays
 * @param top lines of comment before everything else
 */
export function lockedDefinition(
  parsed: ParsedDefinition,
  lock: Lock,
  bases: ReadonlyMap<number, string>,
  top: readonly string[],
): LockedDefinition {
  const edits: { start: number; end: number; text: string }[] = [];
  const pins: PinFile[] = [];
  for (const stage of parsed.stages) {
    const from = stage.header.get("from")?.range;
    const base = bases.get(stage.index);
    if (base !== undefined && from) edits.push({ ...from, text: base });
    const [post] = sectionsOf(stage, "post");
    if (post === undefined || !isShellScript(stage)) continue;
    const folder = `${PINS}/${stage.index}`;
    const found = pinFolder(lock, stageLabel(parsed, stage), folder);
    if (found === null) continue;
    pins.push(...found.files.map(({ path, text }) => ({ path: `${stage.index}/${path}`, text })));
    edits.push({ start: post.body.start, end: post.body.start, text: prologue(folder, found.variables) });
  }
  const edited = edits
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), parsed.text);
  return { text: top.map((line) => `# ${line}\n`).join("") + edited, pins };
}

/** What the variables were before stays behind what pins: those of a base image, and those that the user gives. */
const ADDED: Readonly<Record<string, string>> = { PYTHONPATH: ":", NODE_OPTIONS: " ", PIP_CONSTRAINT: " " };

function prologue(folder: string, variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    const glue = ADDED[name];
    const before = glue === undefined ? "" : `\${${name}:+${glue}$${name}}`;
    return `    export ${name}="${value}${before}"\n`;
  });
  const words = "The pins of the lock, put here by verified-images.";
  return `    # ${words}\n    test -d ${folder} || { echo "the pins ${folder} are missing" >&2; exit 1; }\n${lines.join("")}`;
}
