import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BuildPlan } from "../../inputs/image-inputs";
import { REVISION_LABEL } from "../../base/revision/verdict";
import { isEmptyCapture, captureProblems } from "../../packages/capture/judge";
import { notCapturedLines } from "../../packages/capture/outside/not-captured";
import { withRecords } from "../../recipe/apt-records/with-records";
import { stageLabel } from "../../recipe/definition/locked";
import { runsAnything } from "../../recipe/definition/scripts";
import type { ParsedDefinition } from "../../recipe/definition/types";
import type { PinFile } from "../../recipe/pins/pin-files";
import { CaptureFailedError, type BuildCapture } from "../roundtrip/capture-build";
import { step } from "../roundtrip/effects";
import { hideInLog } from "../roundtrip/hide-secrets";
import type { SifEffects } from "./effects";
import { handInSif } from "./hand-in";
import { buildArguments } from "./source";

/** One build of a definition, loose or locked. */
export interface SifJob {
  plan: BuildPlan;
  parsed: ParsedDefinition;
  /** The files that a locked definition finds; none for a loose one. */
  pins: readonly PinFile[];
  logFile: string;
}

/** A definition's text with the labels of the image at its end: the last `%labels` wins. */
export function withLabels(
  text: string,
  { labels, revision }: Pick<BuildPlan, "labels" | "revision">,
): string {
  const all = { ...labels, ...(revision === null ? {} : { [REVISION_LABEL]: revision }) };
  const lines = Object.entries(all).map(([name, value]) => `    ${name} ${value}\n`);
  if (lines.length === 0) return text;
  return `${text}${text.endsWith("\n") ? "" : "\n"}\n%labels\n${lines.join("")}`;
}

/**
 * Builds a definition and captures what it installed.
 *
 * @param sif where the image goes; null: it is thrown away
 * @param titles of the two steps
 */
export async function buildAndCaptureSif(
  effects: SifEffects,
  job: SifJob,
  sif: string | null,
  titles: readonly [build: string, capture: string],
): Promise<BuildCapture> {
  const { plan, parsed, pins, logFile } = job;
  const { engine, signal } = effects;
  const handed = await handInSif({ revision: plan.revision, pins });
  try {
    const definition = join(handed.folder, "definition.def");
    await writeFile(definition, withLabels(parsed.text, plan), { mode: 0o600 });
    const image = sif ?? join(handed.folder, "rebuild.sif");
    await step(effects, plan.name, titles[0], async () =>
      engine.build({
        ...{ definition, sif: image, context: plan.context, name: plan.name, logFile, signal },
        ...{ binds: handed.binds, temporary: handed.temporary },
        buildArgs: buildArguments(plan, parsed),
        logLine: await hideInLog(plan),
        timeoutMs: plan.timeouts.rebuild * 1000,
      }),
    );
    return await step(effects, plan.name, titles[1], async () => {
      const capture = await engine.capture(image, signal);
      const problems = captureProblems(capture);
      if (problems.length > 0) throw new CaptureFailedError("the image", problems);
      const byFiles = isEmptyCapture(capture);
      const files = byFiles ? await engine.manifest(image, signal) : [];
      const packages = [...capture.packages, ...files];
      if (packages.length === 0) {
        throw new CaptureFailedError("the image", ["it has no file at all, so there is nothing to compare"]);
      }
      const records = await handed.aptRecords(parsed);
      const [final, ...others] = [...parsed.stages].reverse();
      const seen = (index: number) => ({ own: records.get(index), inherited: [records.get(index)] });
      const installed = withRecords(
        { label: null, packages, ...seen(final?.index ?? 0) },
        others
          .filter(runsAnything)
          .map((stage) => ({ label: stageLabel(parsed, stage), packages: [], ...seen(stage.index) })),
      );
      return {
        ...installed,
        ...{ unordered: [], sources: capture.sources, npmProjects: [], stages: [], byFiles },
        notCaptured: byFiles ? [] : notCapturedLines(capture.notCaptured),
      };
    });
  } finally {
    await handed.dispose();
  }
}
