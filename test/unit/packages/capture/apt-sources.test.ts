import assert from "node:assert/strict";
import { captureOf, stanza } from "./archive-builder";

async function entriesOf(files: Record<string, string>): Promise<string[]> {
  const capture = await captureOf([
    ["var/lib/dpkg/status", stanza("dpkg", "1")],
    ...Object.entries(files).map(([name, text]) => [`etc/apt/${name}`, text] as const),
  ]);
  assert.equal(
    capture.sources.every(({ ecosystem }) => ecosystem === "dpkg"),
    true,
  );
  return capture.sources.map(({ entry }) => entry);
}

describe("apt sources", () => {
  it("are the active lines, sorted and unique, blanks and comments normalised", async () => {
    const entries = await entriesOf({
      "sources.list":
        "# deb http://off.example/ x main\n\tdeb   http://b.example/debian \t bookworm  main contrib # note\n" +
        "deb [ arch=amd64  signed-by=/k#1.gpg ] http://a.example/ ./\r\nnonsense\ndeb http://only.example\n",
      "sources.list.d/again.list":
        "deb http://b.example/debian bookworm main contrib\ndeb-src http://b.example/debian bookworm main\n",
      "sources.list.d/ignored.list.save": "deb http://ignored.example x main\n",
    });
    assert.deepEqual(entries, [
      "deb [ arch=amd64 signed-by=/k#1.gpg ] http://a.example/ ./",
      "deb http://b.example/debian bookworm main contrib",
      "deb-src http://b.example/debian bookworm main",
    ]);
  });

  it("are one for each type, URI and suite of a deb822 stanza; broken and disabled ones are left out", async () => {
    const entries = await entriesOf({
      "sources.list.d/debian.sources":
        "Types: deb deb-src\nURIs: http://a.example/\n http://b.example/\nSuites: s s-updates\nComponents: main\n contrib\n\n" +
        "Types: deb\nTypes: deb\nURIs: http://twice.example\nSuites: s\n\n" +
        "Enabled: No\nTypes: deb\nURIs: http://off.example\nSuites: s\n\n" +
        "Types: deb\nURIs: http://flat.example\nSuites: ./\n",
    });
    assert.equal(entries.length, 9);
    assert.deepEqual(entries.slice(0, 2), [
      "deb http://a.example/ s main contrib",
      "deb http://a.example/ s-updates main contrib",
    ]);
    assert.ok(entries.includes("deb http://flat.example ./"));
    assert.ok(entries.includes("deb-src http://b.example/ s-updates main contrib"));
  });

  it("never hold credentials", async () => {
    const entries = await entriesOf({
      "sources.list": "deb https://user:p@ss@a.example/x@y s main\ndeb tor+http://token@b.example s main\n",
      "sources.list.d/c.sources":
        "Types: deb\nURIs: https://me:secret@c.example/\nSuites: s\nComponents: main\n",
    });
    assert.deepEqual(entries, [
      "deb https://a.example/x@y s main",
      "deb https://c.example/ s main",
      "deb tor+http://b.example s main",
    ]);
  });
});
