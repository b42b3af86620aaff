import type { Command } from "commander";
import { InputError } from "../../provider/inputs/failure";
import { listNames } from "../../provider/store/builds";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { listedBuilds } from "../listed-build";
import { listText } from "../output/list-text";
import { existingRoot } from "../store-root";
import type { Answer, Report, World } from "../world";

/** `verified-images list`: the builds of a store. */
export function addList(program: Command, world: World, report: Report): void {
  program
    .command("list")
    .summary("list the builds of a store, with their state")
    .description("Lists builds by artifact, the newest first: state, packages, revision, latest, kept.")
    .argument("[name]", "only this artifact")
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("list --root ./artifacts", "list web-app --root ./artifacts --json"))
    .action(async (name: string | undefined, flags: CommonFlags) => report(await list(world, name, flags)));
}

async function list(world: World, name: string | undefined, flags: CommonFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const names = await chosenNames(root, name);
  const builds = (await Promise.all(names.map((name) => listedBuilds(root, name)))).flat();
  return { code: EXIT.yes, text: listText(builds), document: { root, builds } };
}

/**
 * The artifact with this name, or all artifacts when no name is given, sorted.
 *
 * @throws {InputError} when the store has no such artifact
 */
export async function chosenNames(root: string, name: string | undefined): Promise<string[]> {
  const names = (await listNames(root)).sort();
  if (name === undefined) return names;
  if (names.includes(name)) return [name];
  throw new InputError([{ property: "name", reason: `the store ${root} has no artifact ${name}` }]);
}
