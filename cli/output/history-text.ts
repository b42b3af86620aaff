import { visible } from "../../provider/base/words/visible";
import { onOneLine } from "../../provider/base/errors/message";
import type { History } from "../../provider/promote/receipts/history";
import type { Rollback } from "../../provider/promote/receipts/named";
import type { Receipt } from "../../provider/promote/receipts/receipt";
import { table } from "./table";

/** What `history` shows. */
export interface ShownHistory {
  file: string;
  /** Newest first. */
  promotions: readonly { line: number; receipt: Receipt }[];
  problems: History["problems"];
  /** Whether the last line was cut off. */
  torn: boolean;
  /** How to roll the given target back; null: no target was given, or no receipt says. */
  rollback: Rollback | null;
}

/** A store's promotions, for people. */
export function historyText({ file, promotions, problems, torn, rollback }: ShownHistory): string {
  const head = ["WHEN", "WHO", "TARGET", "IMAGE", "REVISION", "BEFORE", "VERDICT"];
  const rows = promotions.flatMap(({ receipt }) => rowsOf(receipt));
  const parts = [rows.length === 0 ? "no promotions\n" : table([head, ...rows])];
  for (const { line, receipt } of promotions) {
    if (receipt.override === null) continue;
    const { reason, refused } = receipt.override;
    parts.push(
      lineOf(
        `OVERRIDDEN: line ${line}, ${receipt.at}, by ${whoWords(receipt)}: "${reason}"; ` +
          `the gate had refused: ${refused.join("; ")}`,
      ),
    );
  }
  for (const { line, receipt } of promotions) {
    if (typeof receipt.failed !== "string") continue;
    parts.push(
      lineOf(`FAILED: line ${line}, ${receipt.at}, by ${whoWords(receipt)}: ${onOneLine(receipt.failed)}`),
    );
  }
  for (const { line, message } of problems) parts.push(`BROKEN: line ${line} of ${file} ${message}\n`);
  if (torn) {
    parts.push(
      `BROKEN: the last line of ${file} is cut off, by a crash it seems; the next promotion puts it aside\n`,
    );
  }
  if (rollback !== null) parts.push(`back to what it was: ${rollbackCommand(rollback)}\n`);
  return parts.join("");
}

const lineOf = (text: string): string => `${visible(text)}\n`;

/** A shell command that sets the stack's configuration for a rollback. */
function rollbackCommand(rollback: Rollback): string {
  const json = JSON.stringify({ source: rollback.source, expectedRevision: rollback.expectedRevision });
  return `pulumi config set rollback '${visible(json).replaceAll("'", "'\\''")}'`;
}

/** One row for each target; only the first row has what all of them share. */
function rowsOf(receipt: Receipt): string[][] {
  return receipt.targets.map((target, index) => {
    const shared = index === 0;
    const before = receipt.previous[target] ?? null;
    const note = receipt.moved.includes(target) ? "" : " (was in place)";
    return [
      shared ? receipt.at : "",
      shared ? whoWords(receipt) : "",
      target,
      shared ? short(receipt.imageId) : "",
      shared ? (receipt.revision?.slice(0, 12) ?? "-") : "",
      (before === null ? "-" : short(before)) + note,
      shared ? verdictWords(receipt) : "",
    ];
  });
}

function verdictWords({ verdict, verified, override, failed }: Receipt): string {
  const known = verified === "unknown" ? verdict : `${verdict}, ${verified}`;
  const judged = override === null ? known : `OVERRIDDEN (${known})`;
  return typeof failed === "string" ? `FAILED (${judged})` : judged;
}

function whoWords({ by: { user, host, actor } }: Receipt): string {
  const at = `${user}@${host}`;
  return actor === null ? at : `${actor} (${at})`;
}

function short(id: string): string {
  return id.replace(/^.*sha256:/, "").slice(0, 12);
}
