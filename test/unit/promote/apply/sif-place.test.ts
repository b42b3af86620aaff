import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "../../../../provider/base/process/identity";
import { makerMark } from "../../../../provider/base/process/leftovers";
import { parseImageId } from "../../../../provider/base/reference/digest";
import { pointAll } from "../../../../provider/promote/apply/point-all";
import { removeOwn, sifPlace } from "../../../../provider/promote/apply/sif-place";
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

  it("get a link to the very file, and nothing else is left", async () => {
    const file = await put("new.sif", "new");
    assert.deepEqual(await promote(file, "new", at("live.sif")), { [at("live.sif")]: null });
    assert.equal(statSync(at("live.sif")).ino, statSync(file).ino);
    assert.deepEqual((await readdir(folder)).sort(), ["live.sif", "new.sif"]);
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

  it("get a link to the file behind a link", async () => {
    const file = await put("new.sif", "new");
    await symlink("new.sif", at("latest"));
    await promote(at("latest"), "new", at("live.sif"));
    assert.equal(statSync(at("live.sif")).ino, statSync(file).ino);
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
    const targets = ["own.sif", "theirs.sif", "gone.sif"].map(at);
    assert.deepEqual(await removeOwn(idOf("new"), targets), [at("theirs.sif")]);
    assert.deepEqual(await readdir(folder), ["theirs.sif"]);
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
