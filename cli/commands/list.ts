import type { Command } from "commander";
import { InputError } from "../../provider/inputs/failure";
import { listLayers } from "../../provider/store/builds";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { listedBuilds } from "../listed-build";
import { listText } from "../output/list-text";
import { existingRoot } from "../store-root";
import type { Answer, Say, World } from "../world";

/** `verified-images list`: the builds of a store. */
export function addList(program: Command, world: World, say: Say): void {
  program
    .command("list")
    .summary("list the builds of a store, with their state")
    .description("Lists builds by layer, the newest first: state, packages, revision, latest, kept.")
    .argument("[layer]", "only this layer")
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("list --root ./artifacts", "list web-app --root ./artifacts --json"))
    .action(async (layer: string | undefined, flags: CommonFlags) => say(await list(world, layer, flags)));
}

async function list(world: World, layer: string | undefined, flags: CommonFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const layers = await chosenLayers(root, layer);
  const builds = (await Promise.all(layers.map((name) => listedBuilds(root, name)))).flat();
  return { code: EXIT.yes, text: listText(builds), document: { root, builds } };
}

/**
 * The layer that is meant, or all of them, sorted.
 *
 * @throws {InputError} when the store has no such layer
 */
export async function chosenLayers(root: string, layer: string | undefined): Promise<string[]> {
  const layers = (await listLayers(root)).sort();
  if (layer === undefined) return layers;
  if (layers.includes(layer)) return [layer];
  throw new InputError([{ property: "layer", reason: `the store ${root} has no layer ${layer}` }]);
}
