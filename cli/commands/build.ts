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
import type { Answer, Report, World } from "../world";

/** `verified-images build`: build an image, lock it, rebuild and compare. */
export function addBuild(program: Command, world: World, report: Report): void {
  withImageFlags(program.command("build"))
    .summary("build an image, lock what it installed, rebuild from the lock and compare")
    .description(
      "Builds a recipe, writes a lock of what was really installed, rebuilds from the lock and compares. The rebuild runs " +
        "in the background; list, show and check give its verdict later. With --wait, or if a verified image is required, " +
        "the command waits for the verdict. Nothing is built if nothing has changed that the build can see. An image that " +
        "is not verified is a warning; with --require-verified it is exit code 1, and the build stays in the store.",
    )
    .addHelpText(
      "after",
      examples(
        'build --name web-app --context ./app --root ./artifacts --revision "$(git rev-parse HEAD)"',
        "build --name web-app --context ./app --root ./artifacts --secret id=token,env=TOKEN --require-verified",
      ),
    )
    .action(async (flags: ImageFlags) => report(await build(world, flags)));
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
