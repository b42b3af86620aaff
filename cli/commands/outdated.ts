import { arch as hostArchitecture } from "node:process";
import { InvalidArgumentError, type Command } from "commander";
import { isNewer } from "../../provider/packages/upstream/finding";
import { lookUp } from "../../provider/engines/upstream/look-up";
import { EXIT } from "../exit-code";
import { examples, jsonOption, rootOption, type CommonFlags } from "../flags/common";
import { httpAddress } from "../http-address";
import { ageInDays } from "../lock-age";
import { lockOf } from "../lock-of";
import { countsOf, outdatedText } from "../output/outdated-text";
import { warn } from "../output/warn";
import { indexUrl, INDEX_VARIABLE } from "../package-index";
import type { Answer, Report, World } from "../world";

/** npm's own variable for the registry, and npm's default. */
const REGISTRY_VARIABLE = "npm_config_registry";
const DEFAULT_REGISTRY = "https://registry.npmjs.org/";
/** How Debian calls the architectures of Node that it calls otherwise. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = { x64: "amd64", arm: "armhf", ia32: "i386" };

interface OutdatedFlags extends CommonFlags {
  architecture?: string;
  index?: string;
  registry?: string;
  timeout: number;
}

function seconds(text: string): number {
  if (!/^0*[1-9]\d{0,4}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of seconds.");
  return Number(text);
}

/** `verified-images outdated`: what a renewal of a lock may change today. */
export function addOutdated(program: Command, world: World, report: Report): void {
  program
    .command("outdated")
    .summary("say which packages of a lock have a newer version today, without building")
    .description(
      "Asks the archives that a lock names what they have now: Debian packages at the captured apt sources, Python " +
        "distributions and npm packages at their index. SAME MAJOR is the newest version that keeps the locked major " +
        "version. What the recipe asks for is not known here, so a renewal may take less. Exit codes: 0 when nothing " +
        "newer was found, 1 when something was. What could not be looked up is said, and changes no exit code.",
    )
    .argument(
      "<name>",
      "<name>:<timestamp>, <name> (its latest), an image ID, the path of a lock file, or one in git: <revision>:<path>",
    )
    .option("--architecture <name>", "the image's, as Debian calls it (default: this machine's)")
    .option("--index <url>", `the Python package index (else ${INDEX_VARIABLE}, else PyPI)`)
    .option("--registry <url>", `the npm registry (else ${REGISTRY_VARIABLE}, else npmjs.org)`)
    .option("--timeout <seconds>", "for all questions together", seconds, 60)
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples("outdated web-app --root ./artifacts", "outdated ./web-app.lock --timeout 20"),
    )
    .action(async (name: string, flags: OutdatedFlags) => report(await outdated(world, name, flags)));
}

const REGISTRY = {
  flag: "--registry",
  variable: REGISTRY_VARIABLE,
  otherwise: DEFAULT_REGISTRY,
  what: "an npm registry",
};

async function outdated(world: World, name: string, flags: OutdatedFlags): Promise<Answer> {
  const index = indexUrl(flags.index, world.env);
  const registry = httpAddress(flags.registry, world.env, REGISTRY);
  const { lock, warnings, reference } = await lockOf(name, flags.root, world);
  warn(world, warnings);
  const { architecture = DEBIAN_NAMES[hostArchitecture] ?? hostArchitecture, timeout } = flags;
  const how = { architecture, index, registry, timeoutMs: timeout * 1000 };
  const { findings, notAsked } = await lookUp(lock, how);
  const days = await ageInDays(reference ?? name, world.directory, Date.now());
  const counts = countsOf(findings, notAsked);
  return {
    code: findings.some(isNewer) ? EXIT.no : EXIT.yes,
    text: outdatedText(name, days, findings, counts),
    document: { name, ageInDays: days, ...counts, packages: findings },
  };
}
