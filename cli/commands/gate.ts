import type { Command } from "commander";
import { engineAt } from "../../provider/build/functions/effects";
import { isImageId } from "../../provider/base/reference/digest";
import { isPath } from "../../provider/base/reference/sif-path";
import { examineSif } from "../../provider/promote/gate/examine-sif";
import { examine } from "../../provider/promote/gate/examine";
import { findBuild } from "../../provider/store/find-image";
import { provenanceVerdict } from "../../provider/base/revision/verdict";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../../provider/inputs/timeouts";
import { askedCommit, askedStore, type AskedFlags } from "../asked";
import { examples, hostOption, jsonOption, rootOption } from "../flags/common";
import {
  branchOption,
  dirtyOption,
  expectedRevisionOption,
  timeoutOption,
  worktreeOption,
} from "../flags/judged";
import { expectation, gateAnswer, REVISION_VARIABLE } from "../gate-answer";
import type { Answer, Report, World } from "../world";

interface GateFlags extends AskedFlags {
  expectedRevision?: string;
  host?: string;
  timeout?: Partial<Timeouts>;
}

/** `verified-images gate`: whether an image may be deployed. */
export function addGate(program: Command, world: World, report: Report): void {
  program
    .command("gate")
    .summary("say whether an image may be deployed (for deploy hooks)")
    .description(
      "Compares the image's own revision label with the revision that was validated. Exit code 0: yes. 1: no, or in " +
        "doubt: no such image, no engine, no label, a short or an empty revision, wrong usage. " +
        `When neither the flag nor ${REVISION_VARIABLE} is set, the revision is not checked, and a line says so; ` +
        "set but empty means no. With --worktree the revision has to be a commit in that work tree, and on --branch. When " +
        "verified images are required, the store is asked too. If a store is named that built the image, its record " +
        "proves that the label is the image's own.",
    )
    .argument("<image>", "image ID or reference, or the path of a SIF image")
    .addOption(expectedRevisionOption())
    .addOption(worktreeOption())
    .addOption(branchOption())
    .addOption(dirtyOption())
    .addOption(rootOption())
    .option("--require-verified", "the image has to be verified in the store")
    .option("--no-require-verified", "do not ask the store, whatever the settings say")
    .addOption(hostOption())
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        'gate web-app:production --expected-revision "$(git rev-parse HEAD)"',
        'gate web-app:next --expected-revision "$SHA" --worktree . --branch origin/main --dirty refuse',
        "gate web-app:production --root ./artifacts --require-verified",
      ),
    )
    .action(async (image: string, flags: GateFlags) => report(await gate(world, image, flags)));
}

async function gate(world: World, image: string, flags: GateFlags): Promise<Answer> {
  const expected = expectation(flags.expectedRevision, world.env);
  const inTree = askedCommit(world, flags, expected);
  const { root, requireVerified } = await askedStore(world, flags);
  if (expected === null && !requireVerified) return gateAnswer(image, null);
  // An empty revision matches no image, so the engine need not be asked.
  const empty = expected !== null && expected.trim() === "";
  if (empty) return gateAnswer(image, { verdict: provenanceVerdict(expected, null) });
  const inputs = {
    source: image,
    expectedRevision: expected ?? undefined,
    enabled: expected !== null,
    root,
    requireVerified,
    commit: inTree,
    timeouts: flags.timeout,
  };
  const inspect = flags.timeout?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  const isSif = isPath(image) || (await isSifOfStore(image, root));
  const examined = isSif ? await examineSif(inputs) : await examine(engineAt(flags.host, inspect), inputs);
  for (const { ok, doubt, message } of examined.judgement.clauses)
    if (ok && doubt) world.err(`note: ${message}\n`);
  return gateAnswer(image, { examined });
}

/** Whether an ID is that of a SIF image which the store has built. */
async function isSifOfStore(image: string, root: string | undefined): Promise<boolean> {
  if (root === undefined || !isImageId(image)) return false;
  return (await findBuild(root, image))?.record.engine.kind === "apptainer";
}
