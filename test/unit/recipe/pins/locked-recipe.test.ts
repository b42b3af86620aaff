import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import type { Lock, LockedPackage } from "../../../../provider/packages/lock/types";
import { lockedRecipe, type LockedRecipeParts } from "../../../../provider/recipe/pins/locked-recipe";

const PACKAGES: LockedPackage[] = [
  { ecosystem: "dpkg", name: "curl", version: "7.88.1-10" },
  { ecosystem: "dpkg", name: "git", version: "2.39", stage: "assets" },
  { ecosystem: "pip", name: "six", version: "1.17.0", root: "/venv" },
];
const lockOf = (packages: LockedPackage[]): Lock => ({
  schema: 2,
  bases: [],
  packages,
  sources: [],
  unpinned: [],
});

function locked(
  recipe: string,
  changes: Partial<LockedRecipeParts> & { packages?: LockedPackage[]; target?: string } = {},
): string {
  const { packages = PACKAGES, target, ...rest } = changes;
  return lockedRecipe({
    parsed: parseDockerfile(recipe),
    settings: { platform: "linux/amd64", target },
    lock: lockOf(packages),
    lockHash: "sha256:0123",
    npmProjects: [],
    bases: new Map([
      ["debian:12", "debian@sha256:aa"],
      ["node:20", "verified-images/base:bbbbbbbbbbbb"],
    ]),
    ...rest,
  });
}
const mount = (stage: number): string =>
  `--mount=type=bind,from=verified-images-pins,source=/verified-images/${stage},target=/dev/verified-images`;

describe("lockedRecipe", () => {
  it("mounts npm's lock only where no mkdir could meet the folder that the mount makes", () => {
    const npmProjects = [{ stage: 0, root: "/site", lock: "{}" }];
    const text = locked(
      "FROM debian:12\nRUN npm ci\nRUN mkdir -p /site && npm ci\nRUN mkdir /site && npm ci\n",
      { npmProjects },
    );
    const runs = text.split("\n").filter((line) => line.endsWith("npm ci"));
    assert.deepEqual(
      runs.map((line) => line.includes("target=/site/package-lock.json,rw")),
      [true, true, false],
    );
  });

  it("leaves npm's lock to the preload where a command needs its folder empty or absent", () => {
    const npmProjects = [{ stage: 0, root: "/site", lock: "{}" }];
    const takes = (run: string): boolean =>
      locked(`FROM debian:12\nRUN ${run}\n`, { npmProjects }).includes("target=/site/package-lock.json");
    for (const run of [
      "git clone x /site && cd /site && npm ci",
      "npm create vite site",
      "npx create-react-app site && npm i",
    ]) {
      assert.ok(!takes(run), run);
    }
    for (const run of ["npm init -y && npm i x", "npm ci && git --version", "npm run create"])
      assert.ok(takes(run), run);
  });

  it("puts the pins into an image whose shell the recipe uses, if there is one", () => {
    const recipe = 'FROM node:20 AS a\nRUN ["/app"]\nFROM debian:12\nCOPY --from=a / /\nRUN ls\n';
    assert.match(locked(recipe), /^FROM debian@sha256:aa AS verified-images-pins$/m);
    assert.match(
      locked('FROM node:20\nRUN ["/app"]\n'),
      /^FROM verified-images\/base:bbbbbbbbbbbb AS verified-images-pins$/m,
    );
  });

  it("puts the pins into a helper stage on the pinned base, and leaves the shell text as it is", () => {
    const text = locked(
      "# syntax=docker/dockerfile:1\nARG X=1\nFROM debian:12\nRUN apt-get update && \\\n  apt-get install curl\nCMD run\n",
    );
    const lines = text.split("\n");
    assert.equal(lines[0], "# syntax=docker/dockerfile:1");
    assert.equal(lines[1], "ARG X=1");
    assert.equal(lines[2], "FROM debian@sha256:aa AS verified-images-pins");
    assert.equal(lines[3], "# The pins of lock sha256:0123; every RUN below sees its stage's.");
    assert.equal(lines[4], "USER 0");
    assert.equal(lines[5], 'SHELL ["/bin/sh", "-c"]');
    const own = text.slice(text.indexOf("FROM debian@sha256:aa\n"));
    assert.equal(
      own,
      [
        "FROM debian@sha256:aa",
        'ARG APT_CONFIG="/dev/verified-images/apt.conf"',
        'ARG PIP_CONSTRAINT="/dev/verified-images/constraints.txt"',
        `RUN ${mount(0)} apt-get update && \\`,
        "  apt-get install curl",
        "CMD run",
        "",
      ].join("\n"),
    );
  });

  it("gives each stage its own pins, those of the final one as a start", () => {
    const text = locked("FROM debian:12 AS assets\nRUN a\nFROM node:20\nCOPY --from=assets /x /x\nRUN b\n");
    const { stages } = parseDockerfile(text);
    assert.deepEqual(
      stages.map(({ name }) => name),
      ["verified-images-pins", "assets", null],
    );
    assert.ok(text.includes(`RUN ${mount(0)} a\n`));
    assert.ok(text.includes(`RUN ${mount(1)} b\n`));
    const first = text.slice(text.indexOf("preferences.d"), text.indexOf("mkdir -p /verified-images/1"));
    const second = text.slice(text.indexOf("mkdir -p /verified-images/1"), text.indexOf("AS assets"));
    assert.ok(first.includes("Package: git") && first.includes("Package: curl"));
    assert.ok(!second.includes("Package: git") && second.includes("Package: curl"));
  });

  it("moves stage numbers by the helper stage", () => {
    const text = locked("FROM debian:12\nRUN a\nFROM debian:12\nCOPY --from=0 /x /x\n");
    assert.ok(text.includes("COPY --from=1 /x /x"));
  });

  it("pins a stage that stands on another one by the image below both", () => {
    const text = locked("FROM node:20 AS base\nFROM base\nRUN b\n");
    assert.ok(text.startsWith("FROM verified-images/base:bbbbbbbbbbbb AS verified-images-pins\n"));
    assert.ok(text.includes("FROM verified-images/base:bbbbbbbbbbbb AS base\nFROM base\nARG APT_CONFIG"));
  });

  it("touches only what the target needs, and stages that run something on an image", () => {
    const recipe =
      'FROM debian:12 AS one\nRUN a\nFROM node:20 AS two\nRUN b\nFROM scratch AS three\nRUN ["/c"]\n';
    const text = locked(recipe, { target: "one" });
    assert.ok(text.includes(`RUN ${mount(0)} a\n`) && text.includes("FROM node:20 AS two\nRUN b\n"));
    assert.equal(locked(recipe, { target: "three" }), recipe);
    const copies = "FROM debian:12\nCOPY a /a\nONBUILD RUN x\n";
    assert.equal(locked(copies), copies.replace("debian:12", "debian@sha256:aa"));
  });

  it("has no helper stage where nothing is pinned but the base", () => {
    const gems: LockedPackage[] = [{ ecosystem: "gem", name: "a", version: "1", root: "/usr/lib/ruby/gems" }];
    assert.equal(locked("FROM debian:12\nRUN x\n", { packages: gems }), "FROM debian@sha256:aa\nRUN x\n");
  });

  it("gives npm its preload in every stage that runs something, once there is an npm package", () => {
    const npm: LockedPackage[] = [
      { ecosystem: "npm", name: "a", version: "1", root: "/lib", stage: "tools" },
    ];
    const text = locked("FROM debian:12 AS tools\nRUN a\nFROM tools\nRUN b\n", { packages: npm });
    const argument = 'ARG NODE_OPTIONS="--require /dev/verified-images/npm-pins.cjs"\n';
    assert.ok(text.includes(`AS tools\n${argument}RUN ${mount(0)} a\n`), text);
    assert.ok(text.includes(`FROM tools\n${argument}RUN ${mount(1)} b\n`), text);
    assert.ok(text.includes(`'"a":{"1":null}'`));
  });

  it("mounts an npm project's lock for the RUNs that call npm, and only there", () => {
    const npmProjects = [{ stage: 0, root: "/app", lock: "{}" }];
    const text = locked('FROM debian:12\nRUN make\nRUN npm ci\nRUN ["npm", "test"]\nRUN npmrc\n', {
      npmProjects,
    });
    const mounted = (command: string): boolean => {
      const line = text.split("\n").find((one) => one.startsWith(`RUN ${mount(0)}`) && one.endsWith(command));
      assert.notEqual(line, undefined, command);
      return line?.includes("target=/app/package-lock.json,rw") === true;
    };
    assert.ok(mounted(" npm ci") && mounted('["npm", "test"]'));
    assert.ok(!mounted(" make") && !mounted(" npmrc"));
  });

  it("keeps the recipe's continuation character, also in the helper stage", () => {
    const text = locked("# escape=`\nFROM debian:12\nRUN a `\n  b\n");
    assert.ok(text.startsWith("# escape=`\nFROM debian@sha256:aa AS verified-images-pins\n"));
    assert.ok(text.includes("  printf '%s\\n' `\n"));
    assert.equal(parseDockerfile(text).stages.length, 2);
  });

  it("keeps the platform of the stage that carries the pins", () => {
    const text = locked("FROM --platform=$BUILDPLATFORM debian:12\nRUN a\n");
    assert.ok(text.startsWith("FROM --platform=$BUILDPLATFORM debian@sha256:aa AS verified-images-pins\n"));
  });

  it("is the same for the same lock, and can be read again", () => {
    const recipe = "FROM debian:12\nRUN a\n";
    assert.equal(locked(recipe), locked(recipe));
    assert.equal(parseDockerfile(locked(recipe)).stages.length, 2);
  });

  it("lets no text of a lock out of its quotes", () => {
    const evil = `{"a":"'; touch /evil #"}\n'\\\nRUN touch /evil\nFROM evil\n# x \\`;
    const text = locked("FROM debian:12\nRUN npm ci\n", {
      npmProjects: [{ stage: 0, root: "/app", lock: evil }],
    });
    const { stages } = parseDockerfile(text);
    assert.equal(stages.length, 2);
    assert.ok(!stages.some(({ from }) => from.image.written === "evil"));
    assert.ok(
      !stages[0]?.instructions.some((item) => item.keyword === "RUN" && item.args.text.startsWith("touch")),
    );
  });
});
