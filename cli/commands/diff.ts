import { Option, type Command } from "commander";
import { InputError } from "../../provider/inputs/failure";
import { differenceOf } from "../difference";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { lockOf } from "../lock-of";
import { diffMarkdown } from "../output/diff-markdown";
import { diffText } from "../output/diff-text";
import { warn } from "../output/warn";
import type { Answer, Report, World } from "../world";

interface DiffFlags extends CommonFlags {
  format?: "markdown";
}

/** `verified-images diff`: how two locks differ. */
export function addDiff(program: Command, world: World, report: Report): void {
  program
    .command("diff")
    .summary("name what differs between two builds, or two lock files")
    .description(
      "Compares two locks, package by package, and their base images. Exit codes are those of diff(1): 0 when they " +
        "are the same, 1 when they differ, more when they can't be compared.",
    )
    .argument(
      "<a>",
      "<name>:<timestamp>, <name> (its latest), an image ID, the path of a lock file, or one in git: <revision>:<path>",
    )
    .argument("<b>", "the same")
    .addOption(
      new Option("--format <format>", "a table for the comment of a pull request").choices(["markdown"]),
    )
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "diff web-app:20261120T101500000Z web-app --root ./artifacts",
        "diff ./before.lock ./artifacts/web-app/latest",
        "diff main:web-app.lock ./web-app.lock --format markdown",
      ),
    )
    .action(async (a: string, b: string, flags: DiffFlags) => report(await diff(world, a, b, flags)));
}

async function diff(world: World, a: string, b: string, flags: DiffFlags): Promise<Answer> {
  if (flags.json === true && flags.format !== undefined) {
    const reason = `goes with no --format ${flags.format}, which is not JSON`;
    throw new InputError([{ property: "--json", reason }]);
  }
  const before = await lockOf(a, flags.root, world);
  const after = await lockOf(b, flags.root, world);
  warn(world, [...before.warnings, ...after.warnings]);
  const difference = differenceOf(before.lock, after.lock);
  return {
    code: difference.identical ? EXIT.yes : EXIT.no,
    text: flags.format === undefined ? diffText(difference) : diffMarkdown(difference),
    document: { a, b, ...difference },
  };
}
