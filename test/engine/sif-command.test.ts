import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { idAt } from "../../provider/promote/sif/open-sif";
import { describeWithApptainer } from "../support/apptainer";
import { runChild, type ChildResult } from "../support/child";
import { inOrder } from "../support/in-order";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { command, MAIN } from "./support/command";

const REVISION = "a".repeat(40);
const OTHER = "b".repeat(40);
const OF_ENGINE = /FATAL|capability set/;
const MANUAL = join(__dirname, "../../docs/reference/apptainer.md");

describeWithApptainer("verified-images with SIF images", function () {
  this.timeout(300_000);
  const it = inOrder();
  let bench: Bench;
  let built: Outcome;
  let sif: string;

  const ran = (...words: string[]): Promise<ChildResult> => command(bench.directory, words);
  const gate = (...words: string[]): Promise<ChildResult> => ran("gate", ...words);
  const promote = (source: string, revision: string, ...more: string[]): Promise<ChildResult> =>
    ran("promote", source, "--expected-revision", revision, ...more);
  const toLive = ["--target", "live/tool.sif", "--root", "store"];

  before(async () => {
    bench = await makeBench();
    await bench.write("tool.def", "Bootstrap: scratch\n%files\n    file /file\n");
    await bench.write("file", "content\n");
    built = await bench.build({ recipe: join(bench.context, "tool.def"), revision: REVISION });
    sif = bench.paths(built.timestamp).sif;
    await mkdir(join(bench.directory, "live"));
  });
  after(() => bench?.dispose());

  it("gate says yes to the revision that the image was built from, and no to all else", async () => {
    const [yes, no, empty, none, damaged] = await Promise.all([
      gate(sif, "--expected-revision", REVISION),
      gate(bench.paths("").latest, "--expected-revision", OTHER),
      gate(sif, "--expected-revision", ""),
      gate("./none.sif", "--expected-revision", REVISION),
      gate("./context/tool.def", "--expected-revision", REVISION),
    ]);
    assert.deepEqual([yes.code, yes.stdout], [0, "provenance match: aaaaaaaaaaaa\n"], yes.stderr);
    assert.equal(no.code, 1);
    assert.equal(no.stdout, "provenance mismatch: image aaaaaaaaaaaa != expected bbbbbbbbbbbb\n");
    assert.deepEqual([empty.code, none.code, damaged.code], [1, 1, 1]);
    assert.match(none.stderr, /there is no SIF image \.\/none\.sif: no file has this path/);
    assert.match(damaged.stderr, /tool\.def can't be read as a SIF image: it does not begin like one/);
  });

  it("gate tells what it has judged, for programs", async () => {
    const { stdout } = await gate(
      sif,
      "--expected-revision",
      REVISION,
      "--root",
      "store",
      "--require-verified",
      "--json",
    );
    const { ok, imageId, revision } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual({ ok, imageId, revision }, { ok: true, imageId: built.imageId, revision: REVISION });
  });

  it("promote links the image to its target, and refuses another revision without touching it", async () => {
    const no = await promote(sif, OTHER, ...toLive);
    assert.equal(no.code, 1);
    assert.match(no.stderr, /was not promoted, and no file was replaced: provenance mismatch/);
    assert.deepEqual(await readdir(join(bench.directory, "live")), []);
    const yes = await promote(bench.paths("").latest, REVISION, ...toLive);
    assert.deepEqual([yes.code, yes.stdout], [0, `live/tool.sif is ${built.imageId}\n`], yes.stderr);
    assert.equal(await idAt(join(bench.directory, "live/tool.sif")), built.imageId);
  });

  it("promote finds an image of the store by its ID, and asks for the store where none is named", async () => {
    const nowhere = await promote(built.imageId, REVISION, "--target", "live/tool.sif");
    assert.equal(nowhere.code, 1);
    assert.match(
      nowhere.stderr,
      /<image>: is an ID, by which only a store finds a SIF image; name its store \(root\)/,
    );
    const found = await promote(built.imageId, REVISION, "--target", "live/second.sif", "--root", "store");
    assert.equal(found.code, 0, found.stderr);
    const { code, stdout } = await ran("history", "--root", "store", "--target", "live/second.sif", "--json");
    const { promotions } = JSON.parse(stdout) as { promotions: { imageId: string; previous: unknown }[] };
    assert.equal(code, 0);
    assert.deepEqual(
      promotions.map(({ imageId, previous }) => ({ imageId, previous })),
      [{ imageId: built.imageId, previous: { "../live/second.sif": null } }],
    );
  });

  it("gate finds an image of the store by its ID, and history a file by either of its names", async () => {
    const { code, stdout } = await gate(built.imageId, "--expected-revision", REVISION, "--root", "store");
    assert.deepEqual([code, stdout], [0, "provenance match: aaaaaaaaaaaa\n"]);
    for (const name of ["live/second.sif", "../live/second.sif", "./live/../live/second.sif"]) {
      const { stdout: found } = await ran("history", "--root", "store", "--target", name, "--json");
      assert.equal((JSON.parse(found) as { promotions: unknown[] }).promotions.length, 1, name);
    }
  });

  it("the wrapper of the manual runs nothing that is not verified", async () => {
    const [, text = ""] =
      /```sh\n(#!\/bin\/sh\n[^`]*apptainer exec[^`]*)```/.exec(await readFile(MANUAL, "utf8")) ?? [];
    const bin = join(bench.directory, "bin");
    await mkdir(bin);
    const tell = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
    for (const [name, script] of [
      ["apptainer-exec", text],
      ["verified-images", tell],
    ] as const) {
      await writeFile(join(bin, name), script);
      await chmod(join(bin, name), 0o755);
    }
    const env = {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      VERIFIED_IMAGES_ROOT: "store",
    };
    const wrapped = (): Promise<ChildResult> =>
      runChild(join(bin, "apptainer-exec"), [sif, "/nothing-there"], { cwd: bench.directory, env });
    // The image has no program at all, and some machines let root run none: so it is the engine that complains.
    assert.match((await wrapped()).stderr, OF_ENGINE);
    await rm(bench.paths(built.timestamp).verified);
    const refused = await wrapped();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /error: .*has not been verified yet/);
    assert.doesNotMatch(refused.stderr, OF_ENGINE);
  });

  it("promote refuses an image that has changed since it was built, with the store that built it", async () => {
    await appendFile(sif, "more");
    const { code, stderr } = await promote(sif, REVISION, "--target", "live/third.sif", "--root", "store");
    assert.equal(code, 1);
    assert.match(stderr, /is not verified \(unknown\): the store .* has no build of it/);
    assert.equal(existsSync(join(bench.directory, "live/third.sif")), false);
  });
});
