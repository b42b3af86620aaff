import { Option, type Command } from "commander";
import { engineAt } from "../../provider/functions/effects";
import { examine } from "../../provider/gate/examine";
import { provenanceVerdict } from "../../provider/gate/verdict";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../../provider/inputs/image-inputs";
import { examples, hostOption, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { limit } from "../flags/numbers";
import { expectation, gateAnswer, REVISION_VARIABLE } from "../gate-answer";
import { requireVerifiedSetting } from "../settings";
import { readSettingsFile } from "../settings-file";
import { existingRoot, givenRoot } from "../store-root";
import type { Answer, Say, World } from "../world";

interface GateFlags extends CommonFlags {
  expectedRevision?: string;
  requireVerified?: boolean;
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
        "set but empty is a no. When verified images are required, the store is asked as well.",
    )
    .argument("<image>", "image ID or reference")
    .option("--expected-revision <sha>", `full git revision (else ${REVISION_VARIABLE})`)
    .addOption(rootOption())
    .option("--require-verified", "the store has to have the image as verified")
    .option("--no-require-verified", "don't ask the store, whatever the settings say")
    .addOption(hostOption())
    .addOption(
      new Option("--timeout <inspect=seconds>", "limit for a question to the engine").argParser(limit),
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        'gate web-app:production --expected-revision "$(git rev-parse HEAD)"',
        "gate web-app:production --root ./artifacts --require-verified",
      ),
    )
    .action(async (image: string, flags: GateFlags) => say(await gate(world, image, flags)));
}

/** The store that has to have the image as verified; a store that is named and not there may demand it. */
async function demandedRoot(world: World, flags: GateFlags): Promise<string | undefined> {
  if (flags.requireVerified === false) return undefined;
  const named = givenRoot(flags.root, world.env) !== undefined;
  const file = named ? await readSettingsFile(await existingRoot(flags.root, world.env)) : null;
  const required = requireVerifiedSetting({ file, env: world.env, flags });
  return required ? await existingRoot(flags.root, world.env) : undefined;
}

async function gate(world: World, image: string, flags: GateFlags): Promise<Answer> {
  const expected = expectation(flags.expectedRevision, world.env);
  const root = await demandedRoot(world, flags);
  if (expected === null && root === undefined) return gateAnswer(image, null);
  // No image can match: the answer does not depend on the engine's.
  const empty = expected !== null && expected.trim() === "";
  if (empty) return gateAnswer(image, { verdict: provenanceVerdict(expected, null) });
  const engine = engineAt(flags.host, flags.timeout?.inspect ?? DEFAULT_TIMEOUTS.inspect);
  const inputs = {
    source: image,
    expectedRevision: expected ?? undefined,
    enabled: expected !== null,
    root,
    requireVerified: root !== undefined,
  };
  return gateAnswer(image, { examined: await examine(engine, inputs) });
}
