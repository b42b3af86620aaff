import { isThere } from "../../provider/base/is-there";
import { Option, type Command } from "commander";
import { countPackages, makeOutputs } from "../../provider/build/roundtrip/outputs";
import { findBuild, type FoundBuild } from "../../provider/store/find-image";
import { findScitexBuild, type ScitexBuild } from "../../provider/store/scitex/builds";
import { scitexLock, scitexVerification } from "../../provider/store/scitex/verification";
import { isKept } from "../../provider/store/keep";
import { readVerification } from "../../provider/store/verification";
import { visibleJson } from "../../provider/base/words/visible";
import { InputError } from "../../provider/inputs/failure";
import { resolve } from "node:path";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { FORMATS, viewOf, type Format } from "../formats";
import { lockOfBuild } from "../lock-of";
import { askIndex, indexUrl, INDEX_VARIABLE } from "../package-index";
import type { IndexFile } from "../../provider/packages/views/index-files";
import { backgroundText } from "../output/background-text";
import { buildText } from "../output/build-text";
import { countWords } from "../output/counts";
import { table } from "../output/table";
import { warn } from "../output/warn";
import { existingRoot, neededBuild } from "../store-root";
import { tool } from "../tool";
import type { Answer, Report, World } from "../world";
import type { Lock } from "../../provider/packages/lock/types";

interface ShowFlags extends CommonFlags {
  format?: Format;
  at?: string;
  index?: string;
}

/** `verified-images show`: one build, and its lock in other formats. */
export function addShow(program: Command, world: World, report: Report): void {
  program
    .command("show")
    .summary("show a build, or its lock as an SBOM, requirements or checksums")
    .description(
      "Shows what is known of a build. With --format it shows the lock in another form: json (the lock itself), cyclonedx " +
        "(CycloneDX 1.6), spdx (SPDX 2.3), requirements (Python distributions with exact versions), pylock (the same as a " +
        "pylock.toml, with the files that the package index has of these versions now), sha256sums (checksums of the " +
        "build's files, for `sha256sum --check` in the artifact's folder).",
    )
    .argument("<name>")
    .argument("[timestamp]", "of the build", "latest")
    .addOption(new Option("--format <format>", "another form of the lock").choices(FORMATS))
    .option("--at <directory>", "requirements, pylock: only what is installed in this directory of the image")
    .option("--index <url>", `pylock: the package index (else ${INDEX_VARIABLE}, else PyPI)`)
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "show web-app --root ./artifacts",
        "show web-app --root ./artifacts --format cyclonedx > sbom.json",
        "show web-app --root ./artifacts --format requirements --at /opt/venv/lib/python3.11/site-packages",
      ),
    )
    .action(async (name: string, timestamp: string, flags: ShowFlags) =>
      report(await show(world, name, timestamp, flags)),
    );
}

async function show(world: World, name: string, timestamp: string, flags: ShowFlags): Promise<Answer> {
  const { format, at: directory, json } = flags;
  const wrong = (property: string, reason: string): InputError => new InputError([{ property, reason }]);
  if (directory !== undefined && format !== "requirements" && format !== "pylock") {
    throw wrong("--at", "goes with --format requirements or pylock only");
  }
  if (flags.index !== undefined && format !== "pylock")
    throw wrong("--index", "goes with --format pylock only");
  const index = format === "pylock" ? indexUrl(flags.index, world.env) : null;
  const root = await existingRoot(flags.root, world.env);
  const named = `${name}:${timestamp}`;
  const isOwn = !name.includes(":") && (await findBuild(resolve(root), named)) !== null;
  const foreign = isOwn ? null : await findScitexBuild(resolve(root), named);
  if (foreign !== null) {
    if (format === undefined) return await scitexSummary(foreign);
    throw wrong(
      "--format",
      `is for builds of this tool, and ${named} is one of scitex-container; leave it out`,
    );
  }
  const build = await neededBuild(resolve(world.directory, root), name, timestamp);
  const { lock, warnings } = await lockOfBuild(build);
  warn(world, warnings);
  if (format === undefined) return await summary(world, build, lock, root);
  const ask = async (names: readonly string[]): Promise<ReadonlyMap<string, IndexFile[]>> =>
    index === null ? new Map() : await askIndex(index, names);
  const view = await viewOf(format, { lock, record: build.record, tool: tool(), directory, ask });
  if ("document" in view) {
    return { code: EXIT.yes, text: `${visibleJson(view.document)}\n`, document: view.document };
  }
  if (json === true) throw wrong("--json", `goes with no --format ${format}, which is not JSON`);
  return { code: EXIT.yes, text: view.text, document: null };
}

async function summary(
  world: World,
  { paths, record }: FoundBuild,
  lock: Lock,
  root: string,
): Promise<Answer> {
  const verification = await readVerification(paths, record.imageId);
  const outputs = makeOutputs(record, lock, verification, paths, world.directory);
  const kept = await isKept(paths);
  const { background = null } = verification;
  const about = backgroundText(background, record.reference, root);
  const { heldBy = [], contextChanged } = record;
  const holds = heldBy.map((urn) => `in the state of ${urn}: prune leaves it alone\n`).join("");
  const text = `${buildText(outputs)}${about}${kept ? "kept: prune leaves it alone\n" : ""}${holds}`;
  return {
    code: EXIT.yes,
    text,
    document: {
      ...outputs,
      background,
      kept,
      ...(heldBy.length === 0 ? {} : { heldBy }),
      ...(contextChanged === undefined ? {} : { contextChanged }),
    },
  };
}

/** What is known of a build that scitex-container wrote. */
async function scitexSummary(build: ScitexBuild): Promise<Answer> {
  const { state, reason, drift } = await scitexVerification(build);
  const packages = await scitexLock(build).then(countPackages, () => null);
  const { name, timestamp, sif, lock, keep } = build;
  const kept = await isThere(keep);
  const document = {
    name,
    timestamp,
    writer: "scitex-container",
    sif,
    lock,
    verified: state,
    reason,
    drift,
    packages,
    kept,
  };
  const rows = [
    ["build", `${name}:${timestamp} (by scitex-container)`],
    ["image", sif],
    ["verified", reason === null ? state : `${state}: ${reason}`],
    ["packages", packages === null ? "?" : countWords(packages)],
    ["lock", lock],
  ];
  return { code: EXIT.yes, text: `${table(rows)}${kept ? "kept\n" : ""}`, document };
}
