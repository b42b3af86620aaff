import assert from "node:assert/strict";
import { rubygemsDetector } from "../../../../provider/packages/capture/rubygems/detector";
import { answerOf, gem, gemspec, notUtf8, problemsOf } from "./archive-builder";
import { itReads } from "./database-file";

const ROOT = "usr/lib/ruby/gems/3.1.0";
const BUNDLE = "app/vendor/bundle/ruby/3.1.0";
const PATH = `${ROOT}/specifications/a-1.0.gemspec`;
const GOOD = gemspec("a", "1.0");

describe("the rubygems detector", () => {
  it("finds gems in every root, those that came with Ruby and those of a platform included", async () => {
    const answer = await answerOf(
      "rubygems",
      gem(ROOT, "rake", "13.0.6"),
      { [`${ROOT}/specifications/default/etc-1.3.0.gemspec`]: gemspec("etc", "1.3.0") },
      gem(ROOT, "nokogiri", "1.16.0", "x86_64-linux"),
      gem(BUNDLE, "rake", "13.1.0"),
      gem(BUNDLE, "net-http", "1.0.pre.1"),
    );
    assert.deepEqual(answer, [
      "found 5",
      `gem:net-http@1.0.pre.1 in /${BUNDLE}`,
      `gem:rake@13.1.0 in /${BUNDLE}`,
      `gem:etc@1.3.0 in /${ROOT}`,
      `gem:nokogiri@1.16.0-x86_64-linux in /${ROOT}`,
      `gem:rake@13.0.6 in /${ROOT}`,
    ]);
  });

  it("keeps both versions of one gem in one root, and takes the same one twice for one", async () => {
    const twice = { [`${ROOT}/specifications/default/json-2.6.1.gemspec`]: gemspec("json", "2.6.1") };
    const [old, young] = [gem(ROOT, "json", "2.6.1"), gem(ROOT, "json", "2.6.3")];
    const there = [`gem:json@2.6.1 in /${ROOT}`, `gem:json@2.6.3 in /${ROOT}`];
    assert.deepEqual(await answerOf("rubygems", twice, old, young), ["found 2", ...there]);
  });

  for (const body of [
    's.name = %q{a}\n s.version = "1.0"',
    's.name = "a"\n s.version = Gem::Version.new("1.0")',
    "s.name = 'a' # a comment\n s.version = Gem::Version.new( '1.0'.freeze )",
    's.name = "a"\n s.version = A::VERSION',
    's.name = "a"\n s.platform = Gem::Platform::RUBY',
  ]) {
    it(`reads another way to write a name and a version: ${JSON.stringify(body)}`, async () => {
      const answer = await answerOf("rubygems", { [PATH]: `Gem::Specification.new do |s|\n ${body}\nend` });
      assert.deepEqual(answer, ["found 1", `gem:a@1.0 in /${ROOT}`]);
    });
  }

  it("leaves out a root inside a gem, damaged or not, and what is no specification", async () => {
    const inner = `${ROOT}/gems/rubygems-update-3.4.0`;
    const answer = await answerOf(
      "rubygems",
      gem(ROOT, "rubygems-update", "3.4.0"),
      gem(`${inner}/test/fixtures`, "a", "1"),
      {
        [`${inner}/test/fixtures/specifications/b-1.gemspec`]: "nonsense",
        [`${inner}/rubygems-update.gemspec`]: "raise",
        [`${ROOT}/specifications/README.md`]: "text",
      },
    );
    assert.deepEqual(answer, ["found 1", `gem:rubygems-update@3.4.0 in /${ROOT}`]);
    assert.deepEqual(await answerOf("rubygems", { "a.gemspec": "x" }), ["absent"]);
  });

  itReads(rubygemsDetector, {
    path: PATH,
    whole: GOOD,
    damaged: [
      ["empty", "", /is no gem specification/],
      ["YAML", "--- !ruby/object:Gem::Specification\nname: a\n", /is no gem specification/],
      ["cut inside a line", GOOD.slice(0, GOOD.indexOf("s.name") + 8), /is cut/],
      ["cut before its version", GOOD.slice(0, GOOD.indexOf("  s.version")), /is cut/],
      ["cut before its end", GOOD.slice(0, GOOD.lastIndexOf("end")), /is cut/],
      ["cut inside its end", GOOD.slice(0, -"nd\n".length), /is cut/],
      ["not UTF-8", notUtf8(GOOD), /not UTF-8/],
      ["not UTF-8 in its author", Buffer.from(GOOD, "latin1"), /not UTF-8/],
      ["of another gem", gemspec("b", "1.0"), /contradicts its own name: it says "b-1.0"/],
      ["of another version", gemspec("a", "1.1"), /contradicts its own name: it says "a-1.1"/],
      ["of another platform", gemspec("a", "1.0", "java"), /contradicts its own name: it says "a-1.0-java"/],
      [
        "with another version in its stub",
        GOOD.replace("# stub: a 1.0", "# stub: a 1.1"),
        /contradicts itself: its version is "1.1" and "1.0"/,
      ],
      ["of two versions", GOOD.replace('"1.0"', '"1.0"\n  s.version = "1.0"'), /has its version 2 times/],
      ["with a version that is none", gemspec("a", "one"), /impossible version: "one"/],
      ["of a computed name", unread("[?a].join", "'1.0'"), /no name that can be read/],
      ["of a computed version", unread("'b'", "V"), /no version that can be read/],
      ["too large", `${" ".repeat(4 * 1024 * 1024)}x`, /larger than the 4194304 bytes/],
    ],
  });

  it("reads a hostile specification in bounded time", async () => {
    const size = 2 * 1024 * 1024;
    const hostile = [
      "\n".repeat(size),
      "|a".repeat(size / 2),
      `Gem::Specification.new do |s|\n s.name = "a"${" ".repeat(size)}y\nend`,
      `Gem::Specification.new ${"| ".repeat(size / 2)}\nend`,
      `Gem::Specification.new do |s|\n s.version =${" ".repeat(size)}=\nend`,
      `Gem::Specification.new do |s|\n${"end\n".repeat(size / 4)}x`,
    ];
    const started = performance.now();
    for (const content of hostile) {
      assert.match(await problemsOf({ [PATH]: content }), /^rubygems /);
    }
    assert.ok(performance.now() - started < 5000);
  });
});

function unread(name: string, version: string): string {
  return `Gem::Specification.new do |s|\n s.name = ${name}\n s.version = ${version}\nend`;
}
