import { Option, type Command } from "commander";
import { resolve } from "node:path";
import { allowedConcurrency, consoleEffects, engineAt } from "../../provider/build/functions/effects";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { interruptible } from "../../provider/base/process/interruptible";
import { pruneStore } from "../../provider/build/roundtrip/housekeeping";
import { whileLeased } from "../../provider/build/roundtrip/while-leased";
import { forgetHolder } from "../../provider/store/holders";
import { EXIT } from "../exit-code";
import { examples, hostOption, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { builds } from "../flags/numbers";
import { warn } from "../output/warn";
import { retainSetting } from "../settings";
import { readSettingsFile } from "../settings-file";
import { existingRoot } from "../store-root";
import type { Answer, Report, World } from "../world";
import { chosenNames } from "./list";

interface PruneFlags extends CommonFlags {
  retain?: number;
  host?: string;
  release?: string;
}

/** `verified-images prune`: remove old builds and their images. */
export function addPrune(program: Command, world: World, report: Report): void {
  program
    .command("prune")
    .summary("remove old builds of a store, and their images")
    .description(
      "Removes all but the newest builds of each artifact, with their images. These always stay: the latest build, a build " +
        "that is kept, a build that the state of a Pulumi stack has, a build whose image has another tag (of a promotion, " +
        "for example), a build that a receipt names as a target's present or previous image, and a build of another engine.",
    )
    .argument("[name]", "only this artifact")
    .addOption(new Option("--retain <builds>", "how many builds of an artifact stay").argParser(builds))
    .option("--release <urn>", "a resource whose state is lost: its builds may go (`show` prints the URN)")
    .addOption(rootOption())
    .addOption(hostOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("prune --root ./artifacts", "prune web-app --retain 3 --root ./artifacts"))
    .action(async (name: string | undefined, flags: PruneFlags) => report(await prune(world, name, flags)));
}

async function prune(world: World, name: string | undefined, flags: PruneFlags): Promise<Answer> {
  const given = await existingRoot(flags.root, world.env);
  const sources = { file: await readSettingsFile(given), env: world.env, flags: { retain: flags.retain } };
  const { value: retain, warnings } = retainSetting(sources);
  warn(world, warnings);
  const names = await chosenNames(given, name);
  const engine = engineAt(flags.host, DEFAULT_TIMEOUTS.inspect);
  const root = resolve(world.directory, given);
  const removed: string[] = [];
  await interruptible(async (signal) => {
    const limit = allowedConcurrency();
    for (const name of names) {
      const effects = consoleEffects(engine, name, limit, signal);
      const plan = { root, name: name, retain };
      const gone = await whileLeased(effects, plan, async (held) => {
        if (flags.release !== undefined) await forgetHolder(root, name, flags.release);
        return await pruneStore(held.engine, plan);
      });
      removed.push(...gone.map((timestamp) => `${name}:${timestamp}`));
    }
  });
  const text = removed.map((reference) => `removed ${reference}\n`).join("");
  return {
    code: EXIT.yes,
    text: text === "" ? `nothing to remove (retain ${retain})\n` : text,
    document: { retain, removed },
  };
}
