import { Option, type Command } from "commander";
import { interruptible } from "../../provider/base/process/interruptible";
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
import type { Answer, Say, World } from "../world";

/** `verified-images promote`: give an image the names that are deployed. */
export function addPromote(program: Command, world: World, say: Say): void {
  const command = program
    .command("promote")
    .summary("tag an image for deployment, if the gate says yes")
    .description(
      "Judges an image as `gate` does, once more by its image ID in the moment before tagging, tags that ID, and reads " +
        "every target back. Exit code 0: every target is that image. 1: on every no and every doubt; no tag was moved " +
        "then, or all were put back, and what could not be is said. With a store (--root) the image has to be verified " +
        "there, unless --no-require-verified or a setting says otherwise, and the promotion is written down as a receipt.",
    )
    .argument("<image>", "image ID or reference; digest reference of a registry")
    .addOption(
      new Option(
        "--target <reference>",
        "name to give to it, such as web-app:production, repeatable; in a registry when it names one",
      ).argParser(each),
    )
    .addOption(expectedRevisionOption())
    .option("--no-provenance", "the kill switch: tag the image whatever revision it was built from")
    .addOption(worktreeOption())
    .addOption(branchOption())
    .addOption(dirtyOption())
    .addOption(rootOption())
    .option("--require-verified", "the store has to have the image as verified (default with --root)")
    .option("--no-require-verified", "don't ask the store, whatever the settings say")
    .option("--immutable", "refuse to move a target that stands for another image")
    .option(
      "--override-reason <sentence>",
      "break the glass: promote although the gate says no; good for one promotion, which --root remembers",
    )
    .option(
      "--restart <service>",
      "compose service to recreate from what was promoted; if it does not come up with that, all goes back",
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
      say(await interruptible((signal) => promotion(world, image, flags, signal))),
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

function answer({ outputs, judgement }: Promoted, service: string | undefined): Answer {
  const { imageId, digest, targets } = outputs;
  const serves = service === undefined ? "" : `, and ${service} runs it`;
  const lines = targets.map((target) => {
    return `${target} is ${namesRegistry(target) ? (digest ?? imageId) : imageId}${serves}\n`;
  });
  const { verdict, clauses, override = null } = judgement;
  return { code: EXIT.yes, text: lines.join(""), document: { ...outputs, verdict, override, clauses } };
}
