import { Option, type Command } from "commander";
import { interruptible } from "../../provider/base/process/interruptible";
import { broughtWords } from "../../provider/engines/registry/attached/count";
import { namesRegistry } from "../../provider/engines/registry/address";
import { EXIT } from "../exit-code";
import { examples, hostOption, jsonOption, rootOption } from "../flags/common";
import { withComposeFlags } from "../flags/compose";
import {
  branchOption,
  dirtyOption,
  expectedRevisionOption,
  timeoutOption,
  worktreeOption,
} from "../flags/judged";
import { each } from "../flags/pairs";
import { untilInterrupted } from "../interrupted";
import { askedPromotion, type PromoteFlags } from "../promotion/asked";
import { promote, type Promoted } from "../promotion/promote";
import type { Answer, Report, World } from "../world";

/** `verified-images promote`: judge an image and tag it for deployment. */
export function addPromote(program: Command, world: World, report: Report): void {
  const command = program
    .command("promote")
    .summary("tag an image for deployment, if the gate agrees")
    .description(
      "Judges an image as `gate` does, and again by its image ID right before tagging. Then it tags that ID and reads every " +
        "target back. Exit code 0: every target points at that image. 1: the gate refuses or is in doubt, or something " +
        "failed. Then no tag was moved, or the tags were put back; a tag that could not be put back is named. With a store " +
        "(--root) the image has to be verified there, unless --no-require-verified or a setting says otherwise, and the " +
        "promotion gets a receipt.",
    )
    .argument("<image>", "image ID or reference; digest reference of a registry; path of a SIF image")
    .addOption(
      new Option(
        "--target <reference>",
        "tag to point at the image, such as web-app:production, repeatable; in a registry when it names one; for a SIF " +
          "image a path that ends with .sif",
      ).argParser(each),
    )
    .addOption(expectedRevisionOption())
    .option("--no-provenance", "the kill switch: tag the image, whatever revision it was built from")
    .addOption(worktreeOption())
    .addOption(branchOption())
    .addOption(dirtyOption())
    .addOption(rootOption())
    .option("--require-verified", "the image has to be verified in the store (default with --root)")
    .option("--no-require-verified", "do not ask the store, whatever the settings say")
    .option("--immutable", "refuse to move a target that points at another image")
    .option(
      "--override-reason <sentence>",
      "break the glass: promote although the gate refuses; good for one promotion, which the receipts in --root remember",
    )
    .option(
      "--restart <service>",
      "compose service to recreate from the promoted image; if it does not run that image then, all is put back",
    );
  withComposeFlags(command)
    .option("--log <file>", "append the output of compose to this file")
    .addOption(hostOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        'promote web-app:next --target web-app:production --expected-revision "$(git rev-parse HEAD)"',
        'promote web-app:next --target web-app:production --expected-revision "$SHA" --root ./artifacts',
        'promote web-app:next --target web-app:production --expected-revision "$SHA" --restart web',
        'promote "$ID" --target registry.example/web-app:1.4 --expected-revision "$SHA" --immutable',
      ),
    )
    .action(async (image: string, flags: PromoteFlags) =>
      report(await interruptible((signal) => promotion(world, image, flags, signal))),
    );
}

async function promotion(
  world: World,
  source: string,
  flags: PromoteFlags,
  signal: AbortSignal,
): Promise<Answer> {
  const asked = await askedPromotion(world, source, flags);
  return answer(await untilInterrupted(world, signal, () => promote(world, asked, signal)), flags.restart);
}

function answer({ outputs, judgement, along }: Promoted, service: string | undefined): Answer {
  const { imageId, digest, targets } = outputs;
  const serves = service === undefined ? "" : `, and ${service} runs it`;
  const lines = targets.map((target) => {
    return `${target} is ${namesRegistry(target) ? (digest ?? imageId) : imageId}${serves}\n`;
  });
  const came = broughtWords(along);
  if (came !== null) lines.push(`${came}\n`);
  const { verdict, clauses, override = null } = judgement;
  const document = { ...outputs, verdict, override, clauses, ...(along.length > 0 ? { along } : {}) };
  return { code: EXIT.yes, text: lines.join(""), document };
}
