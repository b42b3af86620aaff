import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { captureManifest } from "../../../../provider/packages/capture/manifest";
import { DIRECTORY, type Files, hardLink, streamOf, symlink, tarOf } from "./archive-builder";

const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** `path version` of each entry of the manifest. */
async function manifestOf(...systems: Files[]): Promise<string[]> {
  const items = await captureManifest(streamOf(await tarOf(...systems)));
  assert.ok(items.every(({ ecosystem }) => ecosystem === "file"));
  return items.map(({ name, version }) => `${name} ${version}`);
}

describe("the file manifest", () => {
  it("has every file by content and mode, links by target, sorted; no directories", async () => {
    const items = await manifestOf({
      "usr/": DIRECTORY,
      "usr/bin/tool": { mode: 0o104755 },
      bin: symlink("usr/bin"),
      app: "hello",
      ["__proto__"]: hardLink("app"),
    });
    assert.deepEqual(items, [
      `/__proto__ ${sha256("hello")} mode 644`,
      `/app ${sha256("hello")} mode 644`,
      "/bin link:usr/bin",
      `/usr/bin/tool ${sha256("")} mode 4755`,
    ]);
  });

  it("leaves out what the engine adds, and nothing that only looks like it", async () => {
    const added = [".dockerenv", "dev/console", "proc/x", "sys/x", "etc/hostname", "etc/hosts", "etc/mtab"];
    const kept = ["devil", "etc/hosts.allow", "etc/resolv.conf.d", "x/proc/y"];
    const items = await manifestOf(
      ...[...added, "etc/resolv.conf", ...kept].map((name) => ({ [name]: "x" })),
    );
    assert.deepEqual(
      items,
      kept.map((name) => `/${name} ${sha256("x")} mode 644`),
    );
  });

  it("has the last of two entries for one path", async () =>
    assert.deepEqual(await manifestOf({ a: "1" }, { a: "2" }), [`/a ${sha256("2")} mode 644`]));

  it("fails for a hard link that leads nowhere", () =>
    assert.rejects(manifestOf({ a: hardLink("b") }), { code: "capture-malformed" }));
});
