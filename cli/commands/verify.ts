import type { Command } from "commander";
import { verifyRoundTrip } from "../../provider/build/functions/verify-round-trip";
import { driftLines } from "../../provider/packages/compare/summary";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { existingRoot, neededBuild } from "../store-root";
import type { Answer, Report, World } from "../world";

/** `verified-images verify`: rebuild a build of the store from its lock, and compare. */
export function addVerify(program: Command, world: World, report: Report): void {
  program
    .command("verify")
    .summary("rebuild a build of the store from its lock, compare, and write the verdict")
    .description(
      "Rebuilds a build from its locked recipe to a throwaway image, compares what is installed in both, and writes the " +
        "verdict into the store. Run it in the directory in which the image was built: the context's path is " +
        "relative to it. Exit code 0: identical; 1: not identical; 3: nothing could be proven.",
    )
    .argument("<name>")
    .argument("[timestamp]", "of the build", "latest")
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("verify web-app --root ./artifacts"))
    .action(async (name: string, timestamp: string, flags: CommonFlags) =>
      report(await verify(world, name, timestamp, flags)),
    );
}

async function verify(world: World, name: string, timestamp: string, flags: CommonFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const { record } = await neededBuild(root, name, timestamp);
  const { identical, summary, ...drift } = await verifyRoundTrip(name, root, record.timestamp);
  const verdict = `${record.reference} is ${identical ? "verified" : "unverified"}: ${summary}`;
  const lines = identical ? [verdict] : [verdict, ...driftLines(drift).map((line) => `  ${line}`)];
  return {
    code: identical ? EXIT.yes : EXIT.no,
    text: `${lines.join("\n")}\n`,
    document: { reference: record.reference, imageId: record.imageId, identical, summary, ...drift },
  };
}
