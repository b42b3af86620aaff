import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisProcess } from "../../../../provider/base/process/identity";
import { makerMark } from "../../../../provider/base/process/leftovers";
import { FROM_DISK } from "../../../../provider/build/roundtrip/source";
import type { Effects } from "../../../../provider/build/roundtrip/effects";
import { clearUnfinished, whileClaimed } from "../../../../provider/build/roundtrip/unfinished";
import { putClaim, releaseClaim } from "../../../../provider/store/claim";
import { buildPaths, type BuildPaths } from "../../../../provider/store/paths";
import { memoryEngine } from "../../promote/gate/memory-engine";
import { at, putBuild, removeScratch, scratch } from "../../store/scratch";

/** No process has it. */
const GONE = 2 ** 22 + 1;

/** Effects whose engine says what was removed, and can't remove `stuck`. */
function effectsOf(stuck?: string): { effects: Effects; removed: string[]; warnings: string[] } {
  const removed: string[] = [];
  const warnings: string[] = [];
  const engine = {
    ...memoryEngine([]),
    remove(reference: string): Promise<void> {
      if (reference === stuck) return Promise.reject(new Error("the engine is out to lunch"));
      removed.push(reference);
      return Promise.resolve();
    },
  };
  const effects: Effects = {
    engine,
    now: () => new Date(),
    report: () => undefined,
    warn: (message) => void warnings.push(message),
    note: () => undefined,
    reader: FROM_DISK,
    concurrency: 1,
    detach: () => assert.fail("nothing is to be started"),
  };
  return { effects, removed, warnings };
}

/** What a killed process leaves of a build that has come as far as its lock. */
async function crash(root: string, second: number, engine = "MEMORY"): Promise<BuildPaths> {
  const paths = buildPaths(root, "web", at(second));
  mkdirSync(paths.directory, { recursive: true });
  for (const file of [paths.buildLog, paths.rough, paths.lock]) writeFileSync(file, "");
  await putClaim(paths.building, paths.directory, engine);
  releaseClaim(paths.building);
  const claim = JSON.parse(readFileSync(paths.building, "utf8")) as object;
  writeFileSync(paths.building, JSON.stringify({ ...claim, maker: { ...thisProcess(), pid: GONE } }));
  return paths;
}
const names = ({ directory }: BuildPaths): string[] => readdirSync(directory).sort();

describe("what a killed build has left", () => {
  let root: string;
  const plan = (): { root: string; name: string } => ({ root, name: "web" });
  beforeEach(() => (root = scratch()));
  after(removeScratch);

  it("goes, image and files, and its log stays; complete builds are not touched", async () => {
    const { effects, removed, warnings } = effectsOf();
    const paths = await crash(root, 2);
    await putBuild(root, "web", at(1), { latest: true });
    await clearUnfinished(effects, plan());
    assert.deepEqual(removed, [`web:${at(2)}`]);
    assert.deepEqual(warnings, []);
    assert.deepEqual(names(paths), [
      "latest",
      `web-${at(1)}.build.json`,
      `web-${at(1)}.lock`,
      `web-${at(2)}.build.log`,
    ]);
  });

  it("of a build that was complete is its claim alone", async () => {
    const { effects, removed } = effectsOf();
    const paths = await crash(root, 1);
    await putBuild(root, "web", at(1));
    await clearUnfinished(effects, plan());
    assert.deepEqual(removed, []);
    assert.ok(names(paths).includes(`web-${at(1)}.lock`));
    assert.ok(!names(paths).includes(`web-${at(1)}.building`));
  });

  it("on another engine stays, with the claim that says where it is", async () => {
    const { effects, removed } = effectsOf();
    const paths = await crash(root, 1, "ANOTHER");
    const before = names(paths);
    await clearUnfinished(effects, plan());
    assert.deepEqual([removed, names(paths)], [[], before]);
  });

  it("stays when the image can't be removed, which is said, until the next time", async () => {
    const { effects, warnings } = effectsOf(`web:${at(1)}`);
    const paths = await crash(root, 1);
    const before = names(paths);
    await clearUnfinished(effects, plan());
    assert.deepEqual(names(paths), before);
    assert.match(warnings.join(), /could not be cleared away: the engine is out to lunch$/);
    await clearUnfinished(effectsOf().effects, plan());
    assert.deepEqual(names(paths), [`web-${at(1)}.build.log`]);
  });

  it("is nothing without a store, and asks the engine nothing where no build was killed", async () => {
    const { effects } = effectsOf();
    effects.engine.identity = () => Promise.reject(new Error("asked"));
    await clearUnfinished({ ...effects, warn: assert.fail }, plan());
    await putBuild(root, "web", at(1), { latest: true });
    await clearUnfinished({ ...effects, warn: assert.fail }, plan());
  });

  it("may be a link that was about to become latest, and failed builds' old logs go with it", async () => {
    const paths = await putBuild(root, "web", at(1), { latest: true });
    const link = (pid: number): string => `.latest.${makerMark({ ...thisProcess(), pid })}.abcd0123`;
    symlinkSync("x", join(paths.directory, link(GONE)));
    symlinkSync("x", join(paths.directory, link(process.pid)));
    for (let second = 2; second <= 8; second++)
      writeFileSync(buildPaths(root, "web", at(second)).buildLog, "");
    await clearUnfinished(effectsOf().effects, plan());
    assert.deepEqual(names(paths), [
      link(process.pid),
      "latest",
      `web-${at(1)}.build.json`,
      `web-${at(1)}.lock`,
      ...[4, 5, 6, 7, 8].map((second) => `web-${at(second)}.build.log`),
    ]);
  });
});

describe("a build under a claim", () => {
  after(removeScratch);
  async function build(stuck: boolean, fail: boolean): Promise<{ paths: BuildPaths; during: string[] }> {
    const paths = buildPaths(scratch(), "web", at(1));
    mkdirSync(paths.directory);
    writeFileSync(paths.buildLog, "");
    const { effects } = effectsOf(stuck ? `web:${at(1)}` : undefined);
    let during: string[] = [];
    const work = async (): Promise<number> => {
      writeFileSync(paths.lock, "");
      await clearUnfinished(effects, { root: join(paths.directory, ".."), name: "web" });
      during = names(paths);
      if (fail) throw new Error("no");
      return 7;
    };
    const built = whileClaimed(effects.engine, "MEMORY", `web:${at(1)}`, paths, work);
    if (fail) await assert.rejects(built, /^Error: no$/);
    else assert.equal(await built, 7);
    return { paths, during };
  }
  const stem = `web-${at(1)}`;

  it("has it while it is under way, is left alone then, and has none in the end", async () => {
    const { paths, during } = await build(false, false);
    assert.deepEqual(during, [`${stem}.build.log`, `${stem}.building`, `${stem}.lock`]);
    assert.deepEqual(names(paths), [`${stem}.build.log`, `${stem}.lock`]);
  });

  it("leaves its log alone when it fails", async () =>
    assert.deepEqual(names((await build(false, true)).paths), [`${stem}.build.log`]));

  it("leaves its claim too when its image can't be removed", async () =>
    assert.deepEqual(names((await build(true, true)).paths), [
      `${stem}.build.log`,
      `${stem}.building`,
      `${stem}.lock`,
    ]));
});
