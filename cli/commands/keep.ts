import type { Command } from "commander";
import { isKept, setKept } from "../../provider/store/keep";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { existingRoot, neededBuild } from "../store-root";
import type { Answer, Report, World } from "../world";

interface KeepFlags extends CommonFlags {
  remove?: boolean;
}

/** `verified-images keep`: mark a build so that it is never pruned. */
export function addKeep(program: Command, world: World, report: Report): void {
  program
    .command("keep")
    .summary("mark a build so that it is never pruned, or remove the mark")
    .argument("<name>")
    .argument("<timestamp>", "of the build, or latest")
    .option("--remove", "remove the mark, so that the build may be pruned again")
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "keep web-app 20261121T165751089Z --root ./artifacts",
        "keep web-app latest --remove --root ./artifacts",
      ),
    )
    .action(async (name: string, timestamp: string, flags: KeepFlags) =>
      report(await keep(world, name, timestamp, flags)),
    );
}

async function keep(world: World, name: string, timestamp: string, flags: KeepFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const { paths, record } = await neededBuild(root, name, timestamp);
  await setKept(paths, flags.remove !== true);
  // A prune may have removed the build meanwhile.
  await neededBuild(root, name, record.timestamp);
  const kept = await isKept(paths);
  return {
    code: EXIT.yes,
    text: `${record.reference} is ${kept ? "kept" : "no longer kept"}\n`,
    document: { reference: record.reference, kept },
  };
}
