import type { Command } from "commander";
import {
  checkLock,
  planRenewal,
  previewRenewal,
  renewLock,
  type PlannedRenewal,
} from "../../provider/build/functions/renew-lock";
import type { Renewal } from "../../provider/build/lock/renewal";
import { differenceOf } from "../difference";
import { EXIT } from "../exit-code";
import { examples } from "../flags/common";
import { imageInputs, withImageFlags, type ImageFlags } from "../flags/image";
import { buildText } from "../output/build-text";
import { diffText } from "../output/diff-text";
import { neededRoot } from "../store-root";
import type { Answer, Report, World } from "../world";

interface LockFlags extends ImageFlags {
  /** true: without names. */
  update?: true | string[];
  dryRun?: boolean;
  check?: boolean;
}

/** `verified-images lock`: write, renew or check a lock file that is committed. */
export function addLock(program: Command, world: World, report: Report): void {
  withImageFlags(program.command("lock"))
    .summary("write or renew a lock file that you commit, or check whether it fits")
    .description(
      "Writes the lock of an image, or renews it. Packages keep the versions that the lock has, as far as the recipe allows. " +
        "With --update all of them may move; with --update and names, only these and what they force. The file is written " +
        "if a build from it gives exactly its packages. Without --context, everything else is as in the latest build of the " +
        "store. Exit code 1: not written, or with --check, it does not fit.",
    )
    .argument("<name>", "of the image; its lock is <name>.lock, unless --lock names another file")
    .option("--update [packages...]", "renew all packages, or only those that are named, such as pip:flask")
    .option("--dry-run", "build, and say what would change; write nothing")
    .option("--check", "only say whether the lock fits the recipe; build nothing")
    .addHelpText(
      "after",
      examples(
        "lock web-app --context ./app --root ./artifacts",
        "lock web-app --root ./artifacts --update pip:flask dpkg:curl --dry-run",
        "lock web-app --context ./app --root ./artifacts --check",
      ),
    )
    .action(async (name: string, flags: LockFlags) => report(await lock(world, name, flags)));
}

async function lock(world: World, name: string, flags: LockFlags): Promise<Answer> {
  const root = neededRoot(flags.root, world.env);
  const file = flags.lock ?? `${name}.lock`;
  const settings = { root, retain: flags.retain, requireVerified: false };
  const given = { ...imageInputs({ ...flags, name }, settings), lock: file };
  const planned = await planRenewal({ ...given, name, root, lock: file, verify: "inline" });
  const renewal: Renewal = flags.update === true ? "all" : (flags.update ?? []);
  if (flags.check === true) return await check(planned, file);
  if (flags.dryRun === true) {
    const { before, after } = await previewRenewal(planned, renewal);
    const difference = differenceOf(before, after);
    return { code: EXIT.yes, text: diffText(difference), document: { lock: file, ...difference } };
  }
  const outputs = await renewLock(planned, renewal);
  const isWritten = outputs.verified === "verified";
  const text = isWritten ? "" : `the lock ${file} was not written: ${outputs.reason ?? outputs.verified}\n`;
  return {
    code: isWritten ? EXIT.yes : EXIT.no,
    text: `${buildText(outputs)}${text}`,
    document: { lock: file, ...outputs },
  };
}

async function check(planned: PlannedRenewal, file: string): Promise<Answer> {
  const { meaning } = await checkLock(planned);
  const words = {
    none: `there is no lock ${file}: write it with \`verified-images lock ${planned.plan.name}\``,
    fits: `the lock ${file} fits the recipe`,
    changed: `the lock ${file} does not fit the recipe`,
  }[meaning.kind];
  const changes = meaning.kind === "changed" ? meaning.changes : [];
  return {
    code: meaning.kind === "fits" ? EXIT.yes : EXIT.no,
    text: [words, ...changes.map((line) => `  ${line}`), ""].join("\n"),
    document: { lock: file, fits: meaning.kind === "fits", state: meaning.kind, changes },
  };
}
