import { resolve } from "node:path";
import { messageOf } from "../../base/errors/message";
import { asSentence, warningText } from "../../base/words/warning";
import { withArtifact } from "../../base/lease/artifact";
import { LEASE_TIMES } from "../../base/lease/lease";
import { moveHold } from "../../store/holders";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import type { Properties } from "../host/properties";
import type { RowLog } from "../host/row-log";
import { cancellable } from "../host/shutdown";
import { readState } from "./image-state";

/** A build or a verification that runs on must not keep a destroy waiting. */
const PATIENCE = { ...LEASE_TIMES, limit: 5_000 };

/** Writes down that this resource's state has its build no longer. A failure is a warning. */
export async function letGo(props: Properties, log: RowLog): Promise<void> {
  const state = readState(props);
  const { resourceUrn: urn } = props;
  if (state === null || typeof urn !== "string") return;
  const { name } = state;
  const root = resolve(state.root);
  try {
    const record = await readRecord(buildPaths(root, name, state.timestamp).record);
    if (record?.heldBy?.includes(urn) !== true) return;
    const held = { before: state.timestamp, now: null };
    const note = (words: string): void => log.write("step", words);
    await cancellable((signal) =>
      withArtifact({ root, name, signal, note, times: PATIENCE }, () => moveHold(root, name, urn, held)),
    );
  } catch (error) {
    log.write(
      "warning",
      warningText({
        what: `never pruned: ${state.reference}`,
        why: asSentence(
          `the store ${state.root} could not be told that no state has it any more: ${messageOf(error)}`,
        ),
        todo: `Run \`verified-images prune ${name} --release ${urn} --root ${state.root}\`: it tells the store.`,
      }),
    );
  }
}
