import assert from "node:assert/strict";
import { rubygemsDetector } from "../../../../provider/packages/capture/rubygems/detector";
import { each } from "../../../support/each";
import { answerOf, type Files, gem, gemspec, notUtf8, problemsOf } from "./archive-builder";
import { itReads } from "./database-file";

const ROOT = "usr/lib/ruby/gems/3.1.0";
const BUNDLE = "app/vendor/bundle/ruby/3.1.0";
const PATH = `${ROOT}/specifications/a-1.0.gemspec`;
const GOOD = gemspec("a", "1.0");

describe("the rubygems detector", () => {
  const byDefault = (name: string, version: string): Files => ({
    [`${ROOT}/specifications/default/${name}-${version}.gemspec`]: gemspec(name, version),
  });
  const inner = `${ROOT}/gems/rubygems-update-3.4.0`;
  const NOT_READ = {
    [`${inner}/test/fixtures/specifications/b-1.gemspec`]: "nonsense",
    [`${inner}/rubygems-update.gemspec`]: "raise",
    [`${ROOT}/specifications/README.md`]: "text",
  };
  const at = (root: string, ...gems: string[]): string[] => gems.map((one) => `gem:${one} in /${root}`);
  each("%s", [
    [
      "finds gems in every root, those that came with Ruby and those of a platform included",
      [
        gem(ROOT, "rake", "13.0.6"),
        byDefault("etc", "1.3.0"),
        gem(ROOT, "nokogiri", "1.16.0", "x86_64-linux"),
        gem(BUNDLE, "rake", "13.1.0"),
        gem(BUNDLE, "net-http", "1.0.pre.1"),
      ],
      [
        ...at(BUNDLE, "net-http@1.0.pre.1", "rake@13.1.0"),
        ...at(ROOT, "etc@1.3.0", "nokogiri@1.16.0-x86_64-linux", "rake@13.0.6"),
      ],
    ],
    [
      "keeps both versions of one gem in one root, and takes the same one twice for one",
      [byDefault("json", "2.6.1"), gem(ROOT, "json", "2.6.1"), gem(ROOT, "json", "2.6.3")],
      at(ROOT, "json@2.6.1", "json@2.6.3"),
    ],
    [
      "leaves out a root inside a gem, damaged or not, and what is no specification",
      [gem(ROOT, "rubygems-update", "3.4.0"), gem(`${inner}/test/fixtures`, "a", "1"), NOT_READ],
      at(ROOT, "rubygems-update@3.4.0"),
    ],
  ])(async (_, files, expected) =>
    assert.deepEqual(await answerOf("rubygems", ...files), [`found ${expected.length}`, ...expected]),
  );

  it("is absent where no root is", async () =>
    assert.deepEqual(await answerOf("rubygems", { "a.gemspec": "x" }), ["absent"]));

  const specification = (body: string): string => `Gem::Specification.new do |s|\n ${body}\nend`;
  each("reads another way to write a name and a version: %j", [
    ['s.name = %q{a}\n s.version = "1.0"'],
    ['s.name = "a"\n s.version = Gem::Version.new("1.0")'],
    ["s.name = 'a' # a comment\n s.version = Gem::Version.new( '1.0'.freeze )"],
    ['s.name = "a"\n s.version = A::VERSION'],
    ['s.name = "a"\n s.platform = Gem::Platform::RUBY'],
  ])(async (body) =>
    assert.deepEqual(await answerOf("rubygems", { [PATH]: specification(body) }), [
      "found 1",
      ...at(ROOT, "a@1.0"),
    ]),
  );

  const STUB = GOOD.replace("# stub: a 1.0", "# stub: a 1.1");
  const unread = (name: string, version: string): string =>
    specification(`s.name = ${name}\n s.version = ${version}`);
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
      ["with another version in its stub", STUB, /contradicts itself: its version is "1.1" and "1.0"/],
      ["of two versions", GOOD.replace('"1.0"', '"1.0"\n  s.version = "1.0"'), /has its version 2 times/],
      ["with a version that is none", gemspec("a", "one"), /impossible version: "one"/],
      ["of a computed name", unread("[?a].join", "'1.0'"), /no name that can be read/],
      ["of a computed version", unread("'b'", "V"), /no version that can be read/],
      ["too large", `${" ".repeat(4 * 1024 * 1024)}x`, /larger than the 4194304 bytes/],
    ],
  });

  // Each would take hours if the time grew with the square of the size; the test's own limit ends it.
  const size = 2 * 1024 * 1024;
  const lines = (body: string): string => `Gem::Specification.new do |s|\n${body}`;
  each("reads a hostile specification in bounded time: %s", [
    ["empty lines", "\n".repeat(size)],
    ["bars", "|a".repeat(size / 2)],
    ["blanks behind a name", lines(` s.name = "a"${" ".repeat(size)}y\nend`)],
    ["bars behind the beginning", `Gem::Specification.new ${"| ".repeat(size / 2)}\nend`],
    ["blanks before a version", lines(` s.version =${" ".repeat(size)}=\nend`)],
    ["ends", lines(`${"end\n".repeat(size / 4)}x`)],
  ])(async (_, content) => assert.match(await problemsOf({ [PATH]: content }), /^rubygems /));
});
