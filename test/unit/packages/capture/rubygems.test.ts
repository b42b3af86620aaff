import assert from "node:assert/strict";
import { brief, captureOf, type Files, problemsOf } from "./archive-builder";

const ROOT = "usr/lib/ruby/gems/3.1.0";

/** A specification as RubyGems writes it. */
function gemspec(name: string, version: string, platform = "ruby"): string {
  return [
    "# -*- encoding: utf-8 -*-",
    `# stub: ${name} ${version} ${platform} lib\0ext`,
    `# stub: ext/${name}/extconf.rb`,
    "",
    "Gem::Specification.new do |s|",
    `  s.name = "${name}".freeze`,
    `  s.version = "${version}"`,
    ...(platform === "ruby" ? [] : [`  s.platform = "${platform}".freeze`]),
    "",
    '  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required=',
    '  s.authors = ["J\u00fcrgen".freeze]',
    "  if s.respond_to? :specification_version then",
    "    s.specification_version = 4",
    "  end",
    "end",
    "",
  ].join("\n");
}

const at = (base: string, content: string | Buffer, root = ROOT): Files => [
  [`${root}/specifications/${base}.gemspec`, content],
];

describe("the rubygems detector", () => {
  it("finds gems in every root, those that came with Ruby and those of a platform included", async () => {
    const capture = await captureOf([
      ...at("rake-13.0.6", gemspec("rake", "13.0.6")),
      ...at("default/etc-1.3.0", gemspec("etc", "1.3.0")),
      ...at("nokogiri-1.16.0-x86_64-linux", gemspec("nokogiri", "1.16.0", "x86_64-linux")),
      ...at("rake-13.1.0", gemspec("rake", "13.1.0"), "app/vendor/bundle/ruby/3.1.0"),
      ...at("net-http-1.0.pre.1", gemspec("net-http", "1.0.pre.1"), "app/vendor/bundle/ruby/3.1.0"),
    ]);
    assert.deepEqual(brief(capture), [
      "gem:net-http@1.0.pre.1 in /app/vendor/bundle/ruby/3.1.0",
      "gem:rake@13.1.0 in /app/vendor/bundle/ruby/3.1.0",
      `gem:etc@1.3.0 in /${ROOT}`,
      `gem:nokogiri@1.16.0-x86_64-linux in /${ROOT}`,
      `gem:rake@13.0.6 in /${ROOT}`,
    ]);
    assert.deepEqual(capture.detectors["rubygems"], { state: "found", count: 5 });
  });

  it("keeps both versions of one gem in one root, and takes the same one twice for one", async () => {
    const capture = await captureOf([
      ...at("default/json-2.6.1", gemspec("json", "2.6.1")),
      ...at("json-2.6.1", gemspec("json", "2.6.1")),
      ...at("json-2.6.3", gemspec("json", "2.6.3")),
    ]);
    assert.deepEqual(brief(capture), [`gem:json@2.6.1 in /${ROOT}`, `gem:json@2.6.3 in /${ROOT}`]);
    assert.deepEqual(capture.detectors["rubygems"], { state: "found", count: 2 });
  });

  it("reads the other ways to write a name and a version", async () => {
    const bodies = [
      's.name = %q{a}\n s.version = "1.0"',
      's.name = "a"\n s.version = Gem::Version.new("1.0")',
      "s.name = 'a' # a comment\n s.version = Gem::Version.new( '1.0'.freeze )",
      's.name = "a"\n s.version = A::VERSION',
      's.name = "a"\n s.platform = Gem::Platform::RUBY',
    ];
    for (const body of bodies) {
      const capture = await captureOf(at("a-1.0", `Gem::Specification.new do |s|\n ${body}\nend`));
      assert.deepEqual(brief(capture), [`gem:a@1.0 in /${ROOT}`], body);
    }
  });

  it("leaves out a root inside a gem, damaged or not, and what is no specification", async () => {
    const inner = `${ROOT}/gems/rubygems-update-3.4.0/test/fixtures`;
    const capture = await captureOf([
      ...at("rubygems-update-3.4.0", gemspec("rubygems-update", "3.4.0")),
      ...at("a-1", gemspec("a", "1"), inner),
      ...at("b-1", "nonsense", inner),
      [`${ROOT}/gems/rubygems-update-3.4.0/rubygems-update.gemspec`, "raise"],
      [`${ROOT}/specifications/README.md`, "text"],
    ]);
    assert.deepEqual(brief(capture), [`gem:rubygems-update@3.4.0 in /${ROOT}`]);
    assert.deepEqual((await captureOf([["a.gemspec", "x"]])).detectors["rubygems"], { state: "absent" });
  });

  it("fails by name for what is damaged, can't be read, or contradicts itself", async () => {
    const good = gemspec("a", "1.0");
    const damaged: [string | Buffer, RegExp][] = [
      ["", /is no gem specification/],
      ["--- !ruby/object:Gem::Specification\nname: a\n", /is no gem specification/],
      [good.slice(0, good.indexOf("  s.version")), /is cut/],
      [good.slice(0, -"nd\n".length), /is cut/],
      [Buffer.from(good, "latin1"), /not UTF-8/],
      [gemspec("b", "1.0"), /contradicts its own name: it says "b-1.0"/],
      [gemspec("a", "1.1"), /contradicts its own name: it says "a-1.1"/],
      [gemspec("a", "1.0", "java"), /contradicts its own name: it says "a-1.0-java"/],
      [good.replace("# stub: a 1.0", "# stub: a 1.1"), /contradicts itself: its version is "1.1" and "1.0"/],
      [good.replace('"1.0"', '"1.0"\n  s.version = "1.0"'), /has its version 2 times/],
      [gemspec("a", "one"), /impossible version: "one"/],
      [
        "Gem::Specification.new do |s|\n s.name = [?a].join\n s.version = '1.0'\nend",
        /no name that can be read/,
      ],
      ["Gem::Specification.new do |s|\n s.name = 'b'\n s.version = V\nend", /no version that can be read/],
      [`${" ".repeat(4 * 1024 * 1024)}x`, /larger than the 4194304 bytes/],
    ];
    for (const [content, expected] of damaged) {
      const problems = await problemsOf(at("a-1.0", content));
      assert.match(problems, /^rubygems can't say what is installed: "\/usr\/lib\/ruby.*a-1\.0\.gemspec" /);
      assert.match(problems, expected);
    }
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
      assert.match(await problemsOf(at("a-1.0", content)), /^rubygems /);
    }
    assert.ok(performance.now() - started < 5000);
  });
});
