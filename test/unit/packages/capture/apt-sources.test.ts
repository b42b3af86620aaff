import assert from "node:assert/strict";
import { aptSourcesDetector } from "../../../../provider/packages/capture/dpkg/sources-detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { captureOf, type Files, notUtf8, PIPE, problemsOf, stanza } from "./archive-builder";
import { entry } from "./database-file";

async function entriesOf(files: Files): Promise<string[]> {
  const { sources } = await captureOf({ "var/lib/dpkg/status": stanza("dpkg", "1") }, files);
  assert.ok(sources.every(({ ecosystem }) => ecosystem === "dpkg"));
  return sources.map((source) => source.entry);
}

describe("apt sources", () => {
  it("are the active lines, sorted and unique, blanks and comments normalised", async () => {
    const entries = await entriesOf({
      "etc/apt/sources.list":
        "# deb http://off.example/ x main\n\tdeb   http://b.example/debian \t bookworm  main contrib # note\n" +
        "deb [ arch=amd64  signed-by=/k#1.gpg ] http://a.example/ ./\r\nnonsense\ndeb http://only.example\n",
      "etc/apt/sources.list.d/again.list":
        "deb http://b.example/debian bookworm main contrib\ndeb-src http://b.example/debian bookworm main\n",
      "etc/apt/sources.list.d/ignored.list.save": "deb http://ignored.example x main\n",
    });
    assert.deepEqual(entries, [
      "deb [ arch=amd64 signed-by=/k#1.gpg ] http://a.example/ ./",
      "deb http://b.example/debian bookworm main contrib",
      "deb-src http://b.example/debian bookworm main",
    ]);
  });

  it("are one for each type, URI and suite of a deb822 stanza; broken and disabled ones are left out", async () => {
    const entries = await entriesOf({
      "etc/apt/sources.list.d/debian.sources":
        "Types: deb deb-src\nURIs: http://a.example/\n http://b.example/\nSuites: s s-updates\nComponents: main\n contrib\n\n" +
        "Types: deb\nTypes: deb\nURIs: http://twice.example\nSuites: s\n\n" +
        "Enabled: No\nTypes: deb\nURIs: http://off.example\nSuites: s\n\n" +
        "Types: deb\nURIs: http://flat.example\nSuites: ./\n",
    });
    assert.deepEqual(entries, [
      "deb http://a.example/ s main contrib",
      "deb http://a.example/ s-updates main contrib",
      "deb http://b.example/ s main contrib",
      "deb http://b.example/ s-updates main contrib",
      "deb http://flat.example ./",
      "deb-src http://a.example/ s main contrib",
      "deb-src http://a.example/ s-updates main contrib",
      "deb-src http://b.example/ s main contrib",
      "deb-src http://b.example/ s-updates main contrib",
    ]);
  });

  it("never hold credentials", async () => {
    const entries = await entriesOf({
      "etc/apt/sources.list":
        "deb https://user:p@ss@a.example/x@y s main\ndeb tor+http://token@b.example s main\n",
      "etc/apt/sources.list.d/c.sources":
        "Types: deb\nURIs: https://me:secret@c.example/\nSuites: s\nComponents: main\n",
    });
    assert.deepEqual(entries, [
      "deb https://a.example/x@y s main",
      "deb https://c.example/ s main",
      "deb tor+http://b.example s main",
    ]);
  });

  it("fail by name where one has bytes that can't be, or is endless", async () => {
    const list = "etc/apt/sources.list.d/x.list";
    assert.match(
      await problemsOf({ [list]: notUtf8("deb http://x.test/", " stable main\n") }),
      /^apt-sources can't.*x\.list" has bytes that are not UTF-8/,
    );
    assert.match(await problemsOf({ "etc/apt/sources.list": PIPE }), /^apt-sources can't.*sources\.list"/);
    const tracker = track(aptSourcesDetector);
    tracker.see(entry(`/${list}`, 2 ** 23));
    assert.equal(tracker.conclude({ osRelease: null }).state.state, "error");
  });
});
