import type { Command } from "commander";
import { engineAt } from "../../provider/build/functions/effects";
import { examine } from "../../provider/promote/gate/examine";
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
import type { Answer, Say, World } from "../world";

interface GateFlags extends AskedFlags {
  expectedRevision?: string;
  host?: string;
  timeout?: Partial<Timeouts>;
}

/** `verified-images gate`: may this image be deployed? */
export function addGate(program: Command, world: World, say: Say): void {
  program
    .command("gate")
    .summary("say whether an image may be deployed (for deploy hooks)")
    .description(
      "Compares the image's own revision label with the revision that was validated. Exit code 0: yes. 1: no, and " +
        "on every doubt: no such image, no engine, no label, a short or an empty revision, wrong usage. " +
        `When neither the flag nor ${REVISION_VARIABLE} is set, provenance is not checked, and a line says so; ` +
        "set but empty is a no. With --worktree the revision has to be a commit in there, and on --branch. When " +
        "verified images are required, the store is asked as well. A store that is named proves that the label is the " +
        "image's own, if it was built there.",
    )
    .argument("<image>", "image ID or reference")
    .addOption(expectedRevisionOption())
    .addOption(worktreeOption())
    .addOption(branchOption())
    .addOption(dirtyOption())
    .addOption(rootOption())
    .option("--require-verified", "the store has to have the image as verified")
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
    .action(async (image: string, flags: GateFlags) => say(await gate(world, image, flags)));
}

async function gate(world: World, image: string, flags: GateFlags): Promise<Answer> {
  const expected = expectation(flags.expectedRevision, world.env);
  const inTree = askedCommit(world, flags, expected);
  const { root, requireVerified } = await askedStore(world, flags);
  if (expected === null && !requireVerified) return gateAnswer(image, null);
  // No image can match: the answer does not depend on the engine's.
  const empty = expected !== null && expected.trim() === "";
  if (empty) return gateAnswer(image, { verdict: provenanceVerdict(expected, null) });
  const engine = engineAt(flags.host, flags.timeout?.inspect ?? DEFAULT_TIMEOUTS.inspect);
  const inputs = {
    source: image,
    expectedRevision: expected ?? undefined,
    enabled: expected !== null,
    root,
    requireVerified,
    commit: inTree,
    timeouts: flags.timeout,
  };
  return gateAnswer(image, { examined: await examine(engine, inputs) });
}
