import assert from "node:assert/strict";
import { CommandError, type CommandFailure } from "../../../../provider/base/process/command-error";
import { onceSettled } from "../../../../provider/engines/registry/settled";
import { each } from "../../../support/each";
import { commandFailure } from "../../../support/command-failure";

const failure = (stderr: string, more: Partial<CommandFailure> = {}): CommandError =>
  new CommandError(commandFailure({ command: "copying", exitCode: 1, stderr, ...more }));
/** As skopeo 1.9 printed it of a registry 2.8. */
const RACED =
  'msg="writing manifest: errors:\\ndigest invalid\\nmanifest blob unknown: blob unknown to registry"';

/** How often a transfer is tried that fails with these errors, one after another, and what it ends with. */
async function attempts(errors: readonly Error[], signal?: AbortSignal): Promise<[number, unknown]> {
  let done = 0;
  const transfer = async (): Promise<void> => {
    const error = errors[done++];
    await Promise.resolve();
    if (error !== undefined) throw error;
  };
  const end = await onceSettled(transfer, signal, [1, 1, 1]).catch((error: unknown) => error);
  return [done, end];
}

describe("onceSettled", () => {
  const raced = failure(RACED);

  it("does a transfer again that failed for content that was just given, or by the registry's own trouble", async () => {
    const trouble = failure("failed to read from destination repository q: 500 (Internal Server Error)");
    assert.deepEqual(await attempts([raced, trouble]), [3, undefined]);
  });

  it("gives up after four attempts, with the registry's own words", async () =>
    assert.deepEqual(await attempts([raced, raced, raced, raced, raced]), [4, raced]));

  each("does nothing again after %s", [
    ["another refusal", failure("unauthorized: authentication required")],
    ["an interruption", failure(RACED, { cancelled: true })],
    ["a limit that has passed", failure(RACED, { timedOut: true })],
    ["anything else", new Error(RACED)],
  ])(async (_, error) => assert.deepEqual(await attempts([error]), [1, error]));

  it("does nothing again once it is interrupted", async () =>
    assert.deepEqual(await attempts([raced], AbortSignal.abort()), [1, raced]));
});
