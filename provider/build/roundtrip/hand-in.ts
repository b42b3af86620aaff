import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import type { Engine } from "../../engines/engine";
import { takesSecretVariables } from "../../engines/frontend";
import { injectAptHook } from "../../recipe/apt-records/inject-hook";
import { injectCaBundle } from "../../recipe/ca-bundle/inject";
import { injectNeutralPins } from "../../recipe/pins/inject-neutral";
import { frontendOf, type RecipeSettings } from "../../recipe/dockerfile/global-arguments";
import { ownVariables } from "../../recipe/dockerfile/own-variables";
import { neededStages, runsAnything, stageBases } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, RunInstruction, Stage } from "../../recipe/dockerfile/types";
import type { ResolvedBase } from "../../engines/pin-base";

/**
 * What a build gets besides its recipe: CA certificates for HTTPS, a hook by which apt reports what it installs, and
 * files without effect in the place of pins that it does not have.
 */
export interface HandedIn {
  /** Random text by which this build's lines of the apt hook are told from others in the log. */
  nonce: string;
  /** Flags for a RUN instruction. */
  mounts(stage: Stage, instruction: RunInstruction): string[];
  /** Values of ARG lines to add after a stage's FROM; empty if the builder takes variables as secrets. */
  stageArguments(stage: Stage): Record<string, string>;
  secrets: Record<string, { file: string }>;
  /** A sentence about what this leaves in the history of a stage's image; null: it leaves nothing. */
  traces(stage: number): string | null;
  /** Removes the temporary files. */
  dispose(): Promise<void>;
}

/** The sentence about variables that stay in an image's history, grouped by the path that they point to. */
export function traceSentence(variables: Readonly<Record<string, string>>): string {
  const paths = [...new Set(Object.values(variables))];
  const listed = paths.map((path) => {
    const names = Object.keys(variables).filter((name) => variables[name] === path);
    return `${names.join(", ")} (${path})`;
  });
  return (
    `The image's history names ${listed.join(" and ")}, which were set for the time of this build only; ` +
    "BuildKit 0.16 with its own Dockerfile frontend, or newer, leaves no such trace."
  );
}

/**
 * Prepares what a build gets. Files are mounted as secrets below /dev, so they are neither in the image nor in the cache
 * key. The variables that point to them are secrets too, if the builder is known to support that. Otherwise they are ARG
 * lines, and their names stay in the image's history.
 *
 * A variable that the recipe or an ENV of a base image sets is left as it is. The engine is asked for the ENV of base
 * images, because a secret would win over it. An ENV that a base image's ONBUILD sets is not seen.
 *
 * @param shared whether later builds can use the steps again
 */
export async function handIn(
  engine: Pick<Engine, "builder" | "inspect">,
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  bases: readonly ResolvedBase[],
  shared = false,
): Promise<HandedIn> {
  const needed = neededStages(parsed, settings);
  const anything = parsed.stages.some((stage) => needed.includes(stage.index) && runsAnything(stage));
  const bySecret = anything && takesSecretVariables(await engine.builder(), frontendOf(parsed, settings));
  const images = await engine.inspect(bySecret ? bases.map(({ imageId }) => imageId) : []);
  const own = ownVariables(parsed, settings, (reference) => {
    const base = bases.find((one) => one.reference === reference || one.pinned === reference);
    return images.get(base?.imageId ?? "")?.environment ?? [];
  });
  const caBundle = await injectCaBundle();
  const apt = await injectAptHook(caBundle.aptLines, shared);
  const neutral = await injectNeutralPins();
  const variables = { ...caBundle.variables, ...apt.variables };
  const carried = await secretFiles(bySecret ? variables : {});
  const traced: boolean[] = [];
  for (const [index, base] of stageBases(parsed, settings).entries()) {
    const stage = parsed.stages[index];
    traced.push((stage && runsAnything(stage)) || (base.kind === "stage" && traced[base.index] === true));
  }
  return {
    nonce: apt.nonce,
    mounts: (stage, instruction) => [
      ...caBundle.mounts,
      ...apt.mounts(stage),
      ...neutral.mounts(instruction),
      ...Object.keys(bySecret ? variables : {})
        .filter((name) => own.get(instruction)?.has(name) !== true)
        .map((name) => `--mount=type=secret,id=${secretId(name)},env=${name}`),
    ],
    stageArguments: (stage) => (!bySecret && runsAnything(stage) ? variables : {}),
    secrets: { ...caBundle.secrets, ...apt.secrets, ...neutral.secrets, ...carried.secrets },
    traces: (stage) => (!bySecret && traced[stage] ? traceSentence(variables) : null),
    dispose: async () => {
      await Promise.all([caBundle, apt, neutral, carried].map((one) => one.dispose()));
    },
  };
}

const secretId = (variable: string): string => `verified-images-variable-${variable}`;

/** A secret for each variable: a file that contains the variable's value. */
async function secretFiles(
  variables: Readonly<Record<string, string>>,
): Promise<Pick<HandedIn, "secrets" | "dispose">> {
  if (Object.keys(variables).length === 0) return { secrets: {}, dispose: () => Promise.resolve() };
  const folder = await temporaryFolder("variables");
  const secrets: Record<string, { file: string }> = {};
  for (const [name, value] of Object.entries(variables)) {
    const file = join(folder, name);
    await writeFile(file, value, { mode: 0o600 });
    secrets[secretId(name)] = { file };
  }
  return { secrets, dispose: () => rm(folder, { recursive: true, force: true }) };
}
