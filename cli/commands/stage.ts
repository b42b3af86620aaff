import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { interruptible } from "../../provider/base/process/interruptible";
import { parseImageId } from "../../provider/base/reference/digest";
import { engineAt } from "../../provider/build/functions/effects";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { engineTags } from "../../provider/promote/apply/places";
import { pointAll } from "../../provider/promote/apply/point-all";
import { tryImage } from "../../provider/stage/try-image";
import { EXIT } from "../exit-code";
import { examples } from "../flags/common";
import { untilInterrupted } from "../interrupted";
import { warn } from "../output/warn";
import { askedStage } from "../staging/asked";
import { storeOf, withImage } from "../staging/image";
import { demandOwnPlace } from "../staging/own-place";
import { withStageFlags, type StageFlags } from "../staging/flags";
import type { Answer, Report, World } from "../world";

/** `verified-images stage`: try an image on staging. */
export function addStage(program: Command, world: World, report: Report): void {
  withStageFlags(program.command("stage"))
    .summary("build an image, or take one that exists, and try it on staging")
    .description(
      "Builds an image from --context, or takes one that exists, and recreates the staging container from its image ID. " +
        "The container has to become healthy, the check has to succeed, and the image has to have the revision. If " +
        "anything is red, what ran before is put back, and the command says why (exit code 1). The context has to be at " +
        "--revision (default: HEAD of the context). The build goes into the store (--root); with --plain it is an " +
        "ordinary docker build.",
    )
    .argument("[image]", "image ID or reference, instead of a build")
    .addHelpText(
      "after",
      examples(
        "stage --context ./app --root ./artifacts --container web-staging --port 8501 --check './smoke \"$STAGING_URL\"'",
        'stage web-app:next --revision "$SHA" --container web-staging --port 8501 --check ./smoke-test',
        "stage --plain --context . --tag shop:staging --compose-profile staging --compose-service web \\\n" +
          "      --container shop-staging --port 8501 --check ./smoke-test",
      ),
    )
    .action(async (image: string | undefined, flags: StageFlags) =>
      report(
        await interruptible((signal) =>
          untilInterrupted(world, signal, () => stage(world, image ?? null, flags, signal)),
        ),
      ),
    );
}

async function stage(
  world: World,
  image: string | null,
  flags: StageFlags,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = await askedStage(world, image, flags);
  const { settings, revision, tag } = asked;
  const stored = await storeOf(world, flags, image);
  const inspectSeconds = flags.timeout?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  await demandOwnPlace(settings, inspectSeconds);
  const log = async (text: string): Promise<void> => {
    if (flags.log !== undefined) await appendFile(resolve(world.directory, flags.log), `${text}\n`);
  };
  if (revision === null) warn(world, ["the image is tried whatever revision it was built from"]);
  const tried = await withImage(world, flags, asked, stored, signal, async (imageId) => {
    const engine = engineAt(flags.host, inspectSeconds);
    const keep = async (): Promise<void> => {
      if (tag !== null)
        await pointAll(
          [{ place: engineTags(engine, parseImageId(imageId)), targets: [tag] }],
          parseImageId(imageId),
        );
    };
    const { judgement, healthyAfter } = await tryImage({
      ...{ settings, imageId, revision, inspectSeconds, signal, keep, checked: log },
      ...stored,
      stampedHere: image === null && flags.plain === true,
      env: flags.env ?? {},
      inContainer: flags.checkInContainer === true,
      stoppedStays: true,
      warn: (message) => warn(world, [message]),
    });
    return { imageId, healthyAfter, verdict: judgement.verdict };
  });
  const built = revision === null ? "" : `, built at ${revision},`;
  return {
    code: EXIT.yes,
    text: `${settings.name} runs ${tried.imageId}${built} and is well\n`,
    document: { container: settings.name, revision, tag, ...tried },
  };
}
