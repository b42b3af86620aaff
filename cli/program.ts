import { Command } from "commander";
import { addBuild } from "./commands/build";
import { addCheck } from "./commands/check";
import { addDiff } from "./commands/diff";
import { addGate } from "./commands/gate";
import { addHistory } from "./commands/history";
import { addKeep } from "./commands/keep";
import { addLock } from "./commands/lock";
import { addList } from "./commands/list";
import { addOutdated } from "./commands/outdated";
import { addPromote } from "./commands/promote";
import { addPrune } from "./commands/prune";
import { addShow } from "./commands/show";
import { addStage } from "./commands/stage";
import { addVerify } from "./commands/verify";
import { EXIT_CODES } from "./exit-code";
import { tool } from "./tool";
import type { Report, World } from "./world";

const CODES = EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(2)}  ${meaning}\n`);

const AFTER = `
Exit codes:
${CODES.join("")}  gate and promote exit with 0 or 1 only: every doubt counts as a no.

Settings, each overrides those above it:
  verified-images.json in the store's root: {"retain": 10, "requireVerified": false}
  VERIFIED_IMAGES_RETAIN, VERIFIED_IMAGES_REQUIRE_VERIFIED, VERIFIED_IMAGES_ROOT
  flags

VERIFIED_IMAGES_DOCKER names the docker client; without it, the first one on PATH that can build is used.
`;

/** The whole command. It never ends the process: errors are thrown, those of usage as CommanderError. */
export function makeProgram(world: World, report: Report): Command {
  const program = new Command("verified-images")
    .description("Builds, verifies and judges container images from a store of locks, without Pulumi.")
    .version(tool().version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.out(text), writeErr: (text) => world.err(text) })
    .addHelpText("after", AFTER)
    .showHelpAfterError("(for more: verified-images --help, or verified-images <command> --help)");
  const adders = [
    addBuild,
    addVerify,
    addCheck,
    addGate,
    addPromote,
    addStage,
    addList,
    addShow,
    addDiff,
    addOutdated,
    addLock,
    addKeep,
    addPrune,
    addHistory,
  ];
  for (const add of adders) add(program, world, report);
  return program;
}
