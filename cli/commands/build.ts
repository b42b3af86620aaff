import type { Command } from "commander";
import { resolve } from "node:path";
import { buildReproducible } from "../../provider/build/functions/build-reproducible";
import { buildPaths } from "../../provider/store/paths";
import { readVerification } from "../../provider/store/verification";
import { EXIT } from "../exit-code";
import { examples } from "../flags/common";
import { imageInputs, withImageFlags, type ImageFlags } from "../flags/image";
import { nameOf } from "../name-of";
import { backgroundText } from "../output/background-text";
import { buildText } from "../output/build-text";
import { warn } from "../output/warn";
import { requireVerifiedSetting, retainSetting } from "../settings";
import { readSettingsFile } from "../settings-file";
import { neededRoot } from "../store-root";
import type { Answer, Say, World } from "../world";

/** `verified-images build`: build, lock, rebuild, compare. */
export function addBuild(program: Command, world: World, say: Say): void {
  withImageFlags(program.command("build"))
    .summary("build an image, lock what it installed, rebuild from the lock and compare")
    .description(
      "Builds a recipe, freezes a lock of what really got installed, rebuilds from the lock and compares. " +
        "The rebuild runs in the background, and list, show and check tell what came of it; with --wait, or " +
        "where a verified image is required, the command waits for it. Nothing is built when nothing that the " +
        "build can see has changed. An image that is not verified is a warning; with --require-verified it is " +
        "exit code 1, and the build stays in the store all the same.",
    )
    .addHelpText(
      "after",
      examples(
        'build --name web-app --context ./app --root ./artifacts --revision "$(git rev-parse HEAD)"',
        "build --name web-app --context ./app --root ./artifacts --secret id=token,env=TOKEN --require-verified",
      ),
    )
    .action(async (flags: ImageFlags) => say(await build(world, flags)));
}

async function build(world: World, flags: ImageFlags): Promise<Answer> {
  const root = neededRoot(flags.root, world.env);
  const sources = { file: await readSettingsFile(root), env: world.env, flags };
  const requireVerified = requireVerifiedSetting(sources);
  const { value: retain, warnings } = retainSetting(sources);
  warn(world, warnings);
  const outputs = await buildReproducible(imageInputs(flags, { root, retain, requireVerified }));
  const { reference, timestamp, imageId } = outputs;
  const name = nameOf(reference);
  const paths = buildPaths(resolve(world.directory, root), name, timestamp);
  const { background = null } = await readVerification(paths, imageId);
  const text = `${buildText(outputs)}${backgroundText(background, reference, root)}`;
  return { code: EXIT.yes, text, document: { ...outputs, background } };
}
