import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { docker, imageLabels } from "../../../support/docker";
import { makeBench, type Bench } from "../bench";
import { makeBases, type CorpusBases } from "./bases";
import { CORPUS, readClaim, type Claim, type Expectation } from "./claim";
import { describeBeside } from "../lanes";
import { baseEntries, fillContext } from "./materials";
import { observe } from "./observe";
import { startWorld, type World } from "./world";

/** What must happen on the engine's own builder: before Docker 23 it knows no here-documents. */
async function expectedOfEngine({ expect, needs, lacking }: Claim): Promise<Expectation> {
  if (needs === undefined || lacking === undefined) return expect;
  const version = await docker(["version", "--format", "{{.Server.Version}}"]);
  return Number.parseInt(version, 10) >= 23 ? expect : lacking;
}

/** Builds each folder for real, and compares what came of it with what must happen. */
function recipes(chosen: readonly string[], expectationOf: (claim: Claim) => Promise<Expectation>): void {
  let world: World;
  let bases: CorpusBases;
  let bench: Bench;
  const withGit = chosen.some((folder) =>
    readFileSync(join(CORPUS, folder, "Dockerfile"), "utf8").includes("corpus/git"),
  );

  before(async function () {
    this.timeout(600_000);
    world = await startWorld();
    bases = await makeBases(world.hosts, withGit);
  });
  after(async () => {
    await bases?.clean();
    await world?.close();
  });

  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async () => {
    world.leave();
    await bench.dispose();
  });

  for (const folder of chosen) {
    it(folder.replaceAll("-", " "), async () => {
      const claim = readClaim(folder);
      const expected = await expectationOf(claim);
      const scratch = join(bench.directory, "scratch");
      await mkdir(scratch);
      await world.enter(join(CORPUS, folder), claim, scratch);
      const names = new Map([...world.hosts, ["corpus/", bases.prefix]]);
      const own = await baseEntries(folder, names);
      if (own !== null) await bases.buildOwn(own);
      await fillContext(bench, folder, names);
      if ("fails" in expected) {
        await assert.rejects(bench.build(claim.inputs), (error: Error) => {
          assert.ok(error.message.includes(expected.fails), error.message);
          return true;
        });
        return;
      }
      const outcome = await bench.build(claim.inputs);
      const lock = await bench.lock(outcome);
      const labels = await imageLabels(outcome.reference);
      const seen = { outcome, lock, labels, unfetched: world.unfetched() };
      assert.deepEqual(observe(claim, expected, seen), expected);
      const isQuiet = outcome.verified === "verified" && outcome.unpinned.length === 0;
      assert.equal(outcome.warnings.length, isQuiet ? 0 : 1);
    });
  }
}

/** Builds each of these folders. */
export function describeRecipes(folders: readonly string[]): void {
  describe("recipes as people write them", function () {
    this.timeout(300_000);
    recipes(folders, expectedOfEngine);
  });
}

/** Builds those of these folders that take a newer builder with one beside the engine. */
export function describeNewerRecipes(folders: readonly string[]): void {
  describeBeside("recipes that take a newer builder", function () {
    this.timeout(300_000);
    const newer = folders.filter((folder) => readClaim(folder).needs !== undefined);
    recipes(newer, ({ expect }) => Promise.resolve(expect));
  });
}
