import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "../../../../provider/base/process/identity";
import { makerMark } from "../../../../provider/base/process/leftovers";
import { parseImageId } from "../../../../provider/base/reference/digest";
import { pointAll } from "../../../../provider/promote/apply/point-all";
import { moveTargets } from "../../../../provider/promote/apply/move-targets";
import type { Candidate } from "../../../../provider/promote/gate/candidate";
import { registryAt } from "../../../../provider/engines/registry/registry-at";
import { sifFiles } from "../../../../provider/promote/sif/files";
import { memoryEngine } from "../gate/memory-engine";
import { removeOwn, sifPlace } from "../../../../provider/promote/apply/sif-place";
import { realName, sameFile } from "../../../../provider/promote/sif/real-name";
import { idAt } from "../../../../provider/promote/sif/open-sif";

const idOf = (text: string) => parseImageId(`sha256:${createHash("sha256").update(text).digest("hex")}`);

describe("the paths that a SIF image is promoted to", () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const put = async (name: string, text: string): Promise<string> => {
    await writeFile(at(name), text);
    return at(name);
  };
  const promote = async (file: string, text: string, ...targets: string[]) => {
    const place = sifPlace(file, idOf(text));
    return await pointAll([{ place, targets }], idOf(text)).finally(() => place.settle());
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "verified-images-unit-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("get the content of the file under a second name, and nothing else is left", async () => {
    const file = await put("new.sif", "new");
    assert.deepEqual(await promote(file, "new", at("live.sif")), { [at("live.sif")]: null });
    assert.ok(lstatSync(at("live.sif")).isFile());
    await rm(file);
    assert.equal(readFileSync(at("live.sif"), "utf8"), "new");
    assert.deepEqual(await readdir(folder), ["live.sif"]);
  });

  it("say what they had before, and lose nothing of it where it has another name", async () => {
    const file = await put("new.sif", "new");
    const old = await put("old.sif", "old");
    await promote(old, "old", at("live.sif"));
    assert.deepEqual(await promote(file, "new", at("live.sif")), { [at("live.sif")]: idOf("old") });
    assert.deepEqual(
      [at("live.sif"), old].map((name) => readFileSync(name, "utf8")),
      ["new", "old"],
    );
    assert.deepEqual((await readdir(folder)).sort(), ["live.sif", "new.sif", "old.sif"]);
  });

  it("are not moved where they have the image already", async () => {
    const file = await put("new.sif", "new");
    await put("live.sif", "new");
    const before = statSync(at("live.sif")).ino;
    await promote(file, "new", at("live.sif"));
    assert.equal(statSync(at("live.sif")).ino, before);
  });

  it("are put back, each to what it was, when one of them can't be written", async () => {
    const file = await put("new.sif", "new");
    await put("one.sif", "old");
    await symlink("one.sif", at("link.sif"));
    await mkdir(at("three.sif"));
    const targets = ["link.sif", "one.sif", "none.sif"].map(at);
    // What is at a path is read before anything is moved, so a folder in its place moves nothing.
    await assert.rejects(promote(file, "new", ...targets, at("three.sif")), { code: "sif-path" });
    const place = sifPlace(file, idOf("new"));
    const broken = {
      ...place,
      point: (target: string, to: Parameters<typeof place.point>[1]) =>
        target === at("four.sif") ? Promise.reject(new Error("no")) : place.point(target, to),
    };
    const failing = pointAll([{ place: broken, targets: [...targets, at("four.sif")] }], idOf("new"));
    await assert.rejects(failing, /every target is as it was before/);
    await place.settle();
    assert.equal(readFileSync(at("one.sif"), "utf8"), "old");
    assert.equal(await readlink(at("link.sif")), "one.sif");
    assert.equal(existsSync(at("none.sif")), false);
    assert.deepEqual((await readdir(folder)).sort(), ["link.sif", "new.sif", "one.sif", "three.sif"]);
  });

  it("keep what they have when the file is another one than was judged", async () => {
    const file = await put("new.sif", "changed meanwhile");
    await put("live.sif", "old");
    await assert.rejects(
      promote(file, "new", at("live.sif")),
      /and not the sha256:[0-9a-f]{64} that was judged/,
    );
    assert.equal(readFileSync(at("live.sif"), "utf8"), "old");
    assert.deepEqual((await readdir(folder)).sort(), ["live.sif", "new.sif"]);
  });

  it("are put back as the symbolic links that they were, also those that led nowhere", async () => {
    const file = await put("new.sif", "new");
    await symlink("nowhere.sif", at("dangling.sif"));
    const place = sifPlace(file, idOf("new"));
    const moves = [{ place, targets: [at("dangling.sif"), join(folder, "x".repeat(300), "y.sif")] }];
    await assert.rejects(pointAll(moves, idOf("new")), { code: "sif-path" });
    const one = await place.where([at("dangling.sif")]);
    assert.deepEqual([...one.values()], [null]);
    await place.point(at("dangling.sif"), idOf("new"));
    await place.clear?.(at("dangling.sif"));
    await place.settle();
    assert.equal(await readlink(at("dangling.sif")), "nowhere.sif");
    assert.deepEqual((await readdir(folder)).sort(), ["dangling.sif", "new.sif"]);
  });

  it("say where what they had is kept when they can't be put back", async () => {
    const file = await put("new.sif", "new");
    await put("live.sif", "old");
    const place = sifPlace(file, idOf("new"));
    await place.point(at("live.sif"), idOf("new"));
    const kept = await place.settle([at("live.sif")]);
    assert.deepEqual([...kept.keys()], [at("live.sif")]);
    assert.equal(readFileSync(kept.get(at("live.sif")) ?? "", "utf8"), "old");
  });

  it("are copies on another file system, of a file that may only be read as well", async function () {
    const other = await mkdtemp("/dev/shm/verified-images-unit-").catch(() => null);
    if (other === null || statSync(other).dev === statSync(folder).dev) return;
    try {
      const file = await put("new.sif", "new");
      await chmod(file, 0o444);
      await promote(file, "new", join(other, "live.sif"));
      assert.equal(readFileSync(join(other, "live.sif"), "utf8"), "new");
      assert.deepEqual(await readdir(other), ["live.sif"]);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it("have names as long as a file system takes", async () => {
    const file = await put("new.sif", "new");
    const long = `${"n".repeat(251)}.sif`;
    await promote(file, "new", at(long));
    assert.deepEqual((await readdir(folder)).sort(), ["new.sif", long].sort());
  });

  it("are told apart by the file that they are, and not by their spelling", async () => {
    await mkdir(at("real"));
    await symlink("real", at("alias"));
    const [one, two, three] = [at("real/x.sif"), at("alias/x.sif"), at("x.sif")];
    assert.equal(await realName(one), await realName(two));
    assert.match(
      (await sameFile([three, one, two])) ?? "",
      /real\/x\.sif and .*alias\/x\.sif are the same file/,
    );
    assert.equal(await sameFile([three, two]), null);
  });

  it("are left as they are by a promotion that was asked to end", async () => {
    const file = await put("new.sif", "new");
    await put("live.sif", "old");
    const candidate: Candidate = {
      ...{ imageId: idOf("new"), manifest: null, onEngine: null, file, verification: null, revision: null },
      judgement: { ok: true, verdict: "image-freshness disabled", clauses: [] },
    };
    const places = { engine: memoryEngine([]), registry: registryAt(1), sifs: sifFiles };
    const targets = [at("live.sif"), at("none.sif")];
    const moving = moveTargets(places, candidate, targets, { signal: AbortSignal.abort() });
    await assert.rejects(moving, /every target is as it was before/);
    assert.deepEqual((await readdir(folder)).sort(), ["live.sif", "new.sif"]);
    assert.equal(readFileSync(at("live.sif"), "utf8"), "old");
    await moveTargets(places, candidate, [at("live.sif")]);
    assert.equal(readFileSync(at("live.sif"), "utf8"), "new");
    await assert.rejects(
      moveTargets(places, candidate, [at("one.sif"), `${folder}/./one.sif`]),
      /are the same file/,
    );
  });

  it("get a link to the file behind a link", async () => {
    await put("new.sif", "new");
    await symlink("new.sif", at("latest"));
    await promote(at("latest"), "new", at("live.sif"));
    assert.ok(lstatSync(at("live.sif")).isFile());
    await rm(at("latest"));
    assert.equal(readFileSync(at("live.sif"), "utf8"), "new");
  });

  it("are cleared of what a killed promotion has left beside them, and of nothing else", async () => {
    const file = await put("new.sif", "new");
    const dead = makerMark({ ...identityOf(process.pid), pid: 2 ** 22 - 1 });
    await put(`.live.sif.${dead}.0a0b0c0d`, "left by a killed one");
    const others = [`.live.sif.${makerMark()}.0a0b0c0d`, `.other.sif.${dead}.0a0b0c0d`, ".live.sif.notes"];
    for (const name of others) await put(name, "not to be touched");
    await promote(file, "new", at("live.sif"));
    assert.deepEqual(new Set(await readdir(folder)), new Set([...others, "live.sif", "new.sif"]));
  });

  it("are removed where they still have the image, and left where they have another one", async () => {
    await put("own.sif", "new");
    await put("theirs.sif", "old");
    await put("elsewhere", "new");
    await symlink("elsewhere", at("link.sif"));
    const targets = ["own.sif", "theirs.sif", "gone.sif", "link.sif"].map(at);
    assert.deepEqual(await removeOwn(idOf("new"), targets), [at("theirs.sif"), at("link.sif")]);
    assert.deepEqual((await readdir(folder)).sort(), ["elsewhere", "link.sif", "theirs.sif"]);
  });

  it("are removed all the same where another one can't be told", async () => {
    await put("own.sif", "new");
    const targets = [at("unmounted/x.sif"), at("own.sif")];
    await assert.rejects(removeOwn(idOf("new"), targets), { code: "sif-path" });
    assert.deepEqual(await readdir(folder), []);
  });

  it("are nothing where their folder is, and can't be told where it is not", async () => {
    assert.equal(await idAt(at("none.sif")), null);
    await assert.rejects(idAt(at("mount/none.sif")), {
      code: "sif-path",
      message: /its folder .*mount is not there/,
    });
    await put("file", "x");
    await assert.rejects(idAt(at("file/none.sif")), { code: "sif-path" });
  });
});
