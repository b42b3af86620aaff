import type { Command } from "commander";
import { verificationLine } from "../../provider/build/functions/check-verified";
import { engineAt } from "../../provider/build/functions/effects";
import { verificationOf } from "../../provider/store/verification-of";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { EXIT } from "../exit-code";
import { examples, hostOption, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { requireVerifiedSetting } from "../settings";
import { readSettingsFile } from "../settings-file";
import { existingRoot } from "../store-root";
import type { Answer, Report, World } from "../world";

interface CheckFlags extends CommonFlags {
  requireVerified?: boolean;
  host?: string;
}

/** `verified-images check`: whether an artifact is verified, right before it is used. */
export function addCheck(program: Command, world: World, report: Report): void {
  program
    .command("check")
    .summary("say whether an artifact is verified, right before it is used")
    .description(
      "Looks up in the store whether an artifact is verified. Nothing is built. If it is not verified, that is a warning " +
        "and exit code 0; if it is required, exit code 1.",
    )
    .argument(
      "<artifact>",
      "<name>:<timestamp>, <name> (its latest), an image ID, any name of an image on the engine, or a path of the store",
    )
    .addOption(rootOption())
    .option("--require-verified", "exit with 1 when it is not verified")
    .option("--no-require-verified", "do not require it, whatever the settings say")
    .addOption(hostOption())
    .addOption(jsonOption())
    .addHelpText("after", examples("check web-app --root ./artifacts --require-verified"))
    .action(async (artifact: string, flags: CheckFlags) => report(await check(world, artifact, flags)));
}

async function check(world: World, artifact: string, flags: CheckFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const sources = { file: await readSettingsFile(root), env: world.env, flags };
  const required = requireVerifiedSetting(sources);
  const engine = engineAt(flags.host, DEFAULT_TIMEOUTS.inspect);
  const verification = await verificationOf(artifact, root, engine);
  const ok = verification.state === "verified";
  const detail = verificationLine(artifact, verification);
  if (!ok) world.err(`${required ? "error" : "warning"}: ${detail}\n`);
  return {
    code: ok || !required ? EXIT.yes : EXIT.no,
    text: ok ? `${detail}\n` : "",
    document: { artifact, required, detail, ...verification },
  };
}
