import type { Command } from "commander";
import { isSifPath } from "../../provider/base/reference/sif-path";
import { findBuild } from "../../provider/store/find-image";
import { normalisedTarget } from "../../provider/promote/inputs/promotion-inputs";
import { headOf, type History } from "../../provider/promote/receipts/history";
import { receiptsOf, rollbackOf, type Rollback } from "../../provider/promote/receipts/named";
import { historyFile, readHistory } from "../../provider/promote/receipts/read-history";
import { nameInReceipts } from "../../provider/promote/receipts/target-name";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { historyText, type ShownHistory } from "../output/history-text";
import { existingRoot } from "../store-root";
import type { Answer, Report, World } from "../world";

interface HistoryFlags extends CommonFlags {
  target?: string;
}

/** `verified-images history`: who promoted what, when, and what the gate said. */
export function addHistory(program: Command, world: World, report: Report): void {
  program
    .command("history")
    .summary("show the promotions of a store, and check that nobody changed their receipts")
    .description(
      "Shows promotions by their receipts, the newest first: who, when, what, the verdict, and what each target pointed at " +
        "before. Each receipt has the hash of the one before it. Exit code 0: the receipts are intact, or there are none. " +
        "1: the chain is broken, or its last line is cut off.",
    )
    .option("--target <reference>", "only promotions of this target, and how to roll it back")
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples("history --root ./artifacts", "history --target web-app:production --root ./artifacts --json"),
    )
    .action(async (flags: HistoryFlags) => report(await history(world, flags)));
}

async function history(world: World, flags: HistoryFlags): Promise<Answer> {
  const root = await existingRoot(flags.root, world.env);
  const found = await readHistory(root);
  const target = flags.target === undefined ? undefined : nameOf(found, root, flags.target);
  const promotions = found.lines.flatMap(({ line, receipt }) => {
    const wanted = receipt !== null && (target === undefined || receipt.targets.includes(target));
    return wanted ? [{ line, receipt }] : [];
  });
  const shown: ShownHistory = {
    file: historyFile(root),
    promotions: promotions.reverse(),
    problems: found.problems,
    torn: found.torn !== null,
    // A broken history is no ground for a rollback.
    rollback:
      target === undefined || found.problems.length > 0
        ? null
        : await possible(root, target, rollbackOf(found, target)),
  };
  const intact = shown.problems.length === 0 && !shown.torn;
  return {
    code: intact ? EXIT.yes : EXIT.no,
    text: historyText(shown),
    document: {
      root,
      file: shown.file,
      intact,
      problems: shown.problems,
      torn: found.torn === null ? null : found.torn.toString("utf8"),
      head: headOf(found),
      promotions: shown.promotions.map(({ line, receipt }) => ({ line, ...receipt })),
      rollback: shown.rollback,
    },
  };
}

/** The name of a target in the receipts. A file is named as seen from here, or as the receipts are printed. */
function nameOf(found: History, root: string, given: string): string {
  const name = nameInReceipts(root, normalisedTarget(given));
  return receiptsOf(found, name).length === 0 && receiptsOf(found, given).length > 0 ? given : name;
}

/** A rollback of a file needs the image in the store: nothing else finds it by its ID. */
async function possible(root: string, target: string, rollback: Rollback | null): Promise<Rollback | null> {
  if (rollback === null || !isSifPath(target)) return rollback;
  return (await findBuild(root, rollback.source)) === null ? null : rollback;
}
