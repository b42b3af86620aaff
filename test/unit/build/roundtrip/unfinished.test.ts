import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisProcess } from "../../../../provider/base/process/identity";
import { makerMark } from "../../../../provider/base/process/leftovers";
import type { Effects } from "../../../../provider/build/roundtrip/effects";
import { clearUnfinished, whileClaimed } from "../../../../provider/build/roundtrip/unfinished";
import { putClaim, releaseClaim } from "../../../../provider/store/claim";
import { buildPaths, type BuildPaths } from "../../../../provider/store/paths";
import { memoryEngine } from "../../promote/gate/memory-engine";
import { quietEffects } from "./quiet-effects";
import { at, putBuild, scratch } from "../../store/scratch";

/** No process has it. */
const GONE = 2 ** 22 + 1;

/** Effects whose engine says what was removed, and can't remove `stuck`. */
function effectsOf(stuck?: string): { effects: Effects; removed: string[]; warnings: string[] } {
  const removed: string[] = [];
  const warnings: string[] = [];
  const remove = (reference: string): Promise<void> => {
    if (reference === stuck) return Promise.reject(new Error("the engine is out to lunch"));
    return Promise.resolve(void removed.push(reference));
  };
  const warn = (message: string): void => void warnings.push(message);
  return { effects: quietEffects({ engine: { ...memoryEngine([]), remove }, warn }), removed, warnings };
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

const stem = (second: number): string => `web-${at(second)}`;
const log = (second: number): string => `${stem(second)}.build.log`;
const COMPLETE = ["latest", `${stem(1)}.build.json`, `${stem(1)}.lock`];

describe("what a killed build has left", () => {
  let root: string;
  const clear = (effects: Effects): Promise<void> => clearUnfinished(effects, { root, name: "web" });
  beforeEach(() => (root = scratch()));

  it("goes, image and files, and its log stays; complete builds are not touched", async () => {
    const { effects, removed, warnings } = effectsOf();
    const paths = await crash(root, 2);
    await putBuild(root, "web", at(1), { latest: true });
    await clear(effects);
    assert.deepEqual([removed, warnings], [[`web:${at(2)}`], []]);
    assert.deepEqual(names(paths), [...COMPLETE, log(2)]);
  });

  it("of a build that was complete is its claim alone", async () => {
    const { effects, removed } = effectsOf();
    const paths = await crash(root, 1);
    const before = names(await putBuild(root, "web", at(1)));
    await clear(effects);
    const left = before.filter((name) => name !== `${stem(1)}.building`);
    assert.deepEqual([removed, names(paths)], [[], left]);
    assert.ok(left.length < before.length && left.includes(`${stem(1)}.lock`));
  });

  it("on another engine stays, with the claim that says where it is", async () => {
    const { effects, removed } = effectsOf();
    const paths = await crash(root, 1, "ANOTHER");
    const before = names(paths);
    await clear(effects);
    assert.deepEqual([removed, names(paths)], [[], before]);
  });

  it("stays when the image can't be removed, which is said, until the next time", async () => {
    const { effects, warnings } = effectsOf(`web:${at(1)}`);
    const paths = await crash(root, 1);
    const before = names(paths);
    await clear(effects);
    assert.deepEqual(names(paths), before);
    const words = /could not be cleared away: the engine is out to lunch\n .*\n {2}Mend what is named above/;
    assert.match(warnings.join(), words);
    await clear(effectsOf().effects);
    assert.deepEqual(names(paths), [log(1)]);
  });

  it("is nothing without a store, and asks the engine nothing where no build was killed", async () => {
    const { effects } = effectsOf();
    effects.engine.identity = () => Promise.reject(new Error("asked"));
    await clear({ ...effects, warn: assert.fail });
    await putBuild(root, "web", at(1), { latest: true });
    await clear({ ...effects, warn: assert.fail });
  });

  it("may be a link that was about to become latest, and failed builds' old logs go with it", async () => {
    const paths = await putBuild(root, "web", at(1), { latest: true });
    const now = Date.now();
    const link = (pid: number): string => `.latest.${makerMark({ ...thisProcess(), pid }, now)}.abcd0123`;
    for (const pid of [GONE, process.pid]) symlinkSync("x", join(paths.directory, link(pid)));
    for (const second of [2, 3, 4, 5, 6, 7, 8]) writeFileSync(join(paths.directory, log(second)), "");
    await clear(effectsOf().effects);
    assert.deepEqual(names(paths), [link(process.pid), ...COMPLETE, ...[4, 5, 6, 7, 8].map(log)]);
  });
});

describe("a build under a claim", () => {
  async function build(stuck: boolean, fail: boolean): Promise<{ left: string[]; during: string[] }> {
    const root = scratch();
    const paths = buildPaths(root, "web", at(1));
    mkdirSync(paths.directory);
    writeFileSync(paths.buildLog, "");
    const { effects } = effectsOf(stuck ? `web:${at(1)}` : undefined);
    let during: string[] = [];
    const work = async (): Promise<number> => {
      writeFileSync(paths.lock, "");
      await clearUnfinished(effects, { root, name: "web" });
      during = names(paths);
      if (fail) throw new Error("no");
      return 7;
    };
    const built = whileClaimed(effects.engine, "MEMORY", `web:${at(1)}`, paths, work);
    if (fail) await assert.rejects(built, /^Error: no$/);
    else assert.equal(await built, 7);
    return { left: names(paths), during };
  }
  const [claim, lock] = [`${stem(1)}.building`, `${stem(1)}.lock`];

  it("has it while it is under way, is left alone then, and has none in the end", async () =>
    assert.deepEqual(await build(false, false), { during: [log(1), claim, lock], left: [log(1), lock] }));
  it("leaves its log alone when it fails", async () =>
    assert.deepEqual((await build(false, true)).left, [log(1)]));
  it("leaves its claim too when its image can't be removed", async () =>
    assert.deepEqual((await build(true, true)).left, [log(1), claim, lock]));
});
