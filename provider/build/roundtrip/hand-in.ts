import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import type { Engine } from "../../engines/engine";
import { takesSecretVariables } from "../../engines/frontend";
import { injectAptHook } from "../../recipe/apt-records/inject-hook";
import { injectCaBundle } from "../../recipe/ca-bundle/inject";
import type { RecipeSettings } from "../../recipe/dockerfile/global-arguments";
import { ownVariables } from "../../recipe/dockerfile/own-variables";
import { neededStages, runsAnything, stageBases } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, RunInstruction, Stage } from "../../recipe/dockerfile/types";
import type { ResolvedBase } from "../../engines/pin-base";

/** What a build gets beside its recipe: certificates for HTTPS, and a hook by which apt tells what it installs. */
export interface HandedIn {
  /** The apt hook's word of this build. */
  nonce: string;
  /** Flags for a RUN. */
  mounts(stage: Stage, instruction: RunInstruction): string[];
  /** ARG lines after a stage's FROM; none where the builder takes variables as secrets. */
  stageArguments(stage: Stage): Record<string, string>;
  secrets: Record<string, { file: string }>;
  /** What the history of a stage's image tells of all this, as a sentence; null: nothing. */
  traces(stage: number): string | null;
  /** Removes the temporary files. */
  dispose(): Promise<void>;
}

/** What a history names, by the path that the variables point to. */
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
 * Prepares what a build is handed in. Files come as secrets below /dev, which neither the image nor the cache key sees.
 * So do the variables that lead to them, where the builder surely knows that; elsewhere ARG lines carry them, and they
 * stand in the image's history.
 *
 * Whichever way they come, what the recipe sets itself wins, and so does an ENV of a base image: the engine is asked
 * for it, because a secret would win over it. Only an ENV that a base image's ONBUILD sets is not seen then.
 */
export async function handIn(
  engine: Pick<Engine, "builder" | "inspect">,
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  bases: readonly ResolvedBase[],
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
  const apt = await injectAptHook(caBundle.aptLines);
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
      ...Object.keys(bySecret ? variables : {})
        .filter((name) => own.get(instruction)?.has(name) !== true)
        .map((name) => `--mount=type=secret,id=${secretId(name)},env=${name}`),
    ],
    stageArguments: (stage) => (!bySecret && runsAnything(stage) ? variables : {}),
    secrets: { ...caBundle.secrets, ...apt.secrets, ...carried.secrets },
    traces: (stage) => (!bySecret && traced[stage] ? traceSentence(variables) : null),
    dispose: async () => {
      await Promise.all([caBundle.dispose(), apt.dispose(), carried.dispose()]);
    },
  };
}

const secretId = (variable: string): string => `verified-images-variable-${variable}`;

/** A secret for each variable, whose value is the variable's. */
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

/** The frontend that a build names. BuildKit looks for the directive behind a line `#!` too, where nobody looks here. */
function frontendOf({ syntax, text }: ParsedDockerfile, { buildArgs }: RecipeSettings): string | null {
  return buildArgs?.BUILDKIT_SYNTAX ?? syntax ?? (text.startsWith("#!") ? "unknown" : null);
}
