import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { byHandLines, withTopLines } from "../../../../provider/recipe/pins/by-hand";
import { lockedRecipe, type LockedRecipeParts } from "../../../../provider/recipe/pins/locked-recipe";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { lockOf } from "../../packages/in-short";

const PACKAGES = ["dpkg:curl@7.88.1-10", "dpkg:git@2.39 of assets", "pip:six@1.17.0 in /venv"];
const BASES = { "debian:12": "debian@sha256:aa", "node:20": "verified-images/base:bbbbbbbbbbbb" };

type Changes = Partial<LockedRecipeParts> & { packages?: readonly string[]; target?: string };

function made(recipe: string, changes: Changes = {}): ReturnType<typeof lockedRecipe> {
  const { packages = PACKAGES, target, ...rest } = changes;
  const settings = { platform: "linux/amd64", target };
  const parts = { parsed: parseDockerfile(recipe), settings, lock: lockOf(...packages), npmProjects: [] };
  return lockedRecipe({ ...parts, bases: new Map(Object.entries(BASES)), ...rest });
}
/** The recipe's text, in which the pins have a short name. */
const locked = (recipe: string, changes?: Changes): string =>
  made(recipe, changes).text.replaceAll(/verified-images-pins:[0-9a-f]{12}/g, "PINS");
const mount = (stage: number): string =>
  `--mount=type=bind,from=PINS,source=/${stage},target=/dev/verified-images`;
/** A project of npm in the first stage. */
const projectAt = (root: string, lock = "{}"): Pick<LockedRecipeParts, "npmProjects"> => ({
  npmProjects: [{ stage: 0, root, lock }],
});

describe("lockedRecipe", () => {
  const [ONE, TWO] = [`RUN ${mount(0)} a\n`, `RUN ${mount(1)} b\n`];
  const STAGES =
    'FROM debian:12 AS one\nRUN a\nFROM node:20 AS two\nRUN b\nFROM scratch AS three\nRUN ["/c"]\n';
  const preload = 'ARG NODE_OPTIONS="--require /dev/verified-images/npm-pins.cjs"\n';
  const EARLY = `RUN ${mount(0).replace("/0,", "/0-until-run-1,")} a\n`;

  // The recipe; what is locked, or the target, where it is not the usual; what the locked recipe has.
  table()`
    leaves stage numbers as they are
      ¦ FROM debian:12\nRUN a\nFROM debian:12\nCOPY --from=0 /x /x\n ¦ ¦ COPY --from=0 /x
    pins a stage that stands on another one
      ¦ FROM node:20 AS base\nFROM base\nRUN b\n ¦ ¦ AS base\nFROM base\nARG APT_CONFIG ... ${TWO}
    touches only what the target needs ¦ ${STAGES} ¦ target one ¦ ${ONE} ... FROM node:20 AS two\nRUN b\n
    gives npm its preload in every stage that runs something, once there is an npm package
      ¦ FROM debian:12 AS tools\nRUN a\nFROM tools\nRUN b\n ¦ npm:a@1 in /lib of tools
      ¦ AS tools\n${preload}${ONE} ... FROM tools\n${preload}${TWO}
    gives each RUN the pins of its time
      ¦ FROM debian:12\nRUN a\nCOPY x x\nRUN b\n ¦ pip:a@2 in /v, pip:a@1 in /v gone until 1
      ¦ ${EARLY} ... RUN ${mount(0)} b\n
  `((_, recipe, changed, parts) => {
    const [, target] = /^target (.*)/.exec(changed) ?? [];
    const changes = target || changed === "" ? { target } : { packages: changed.split(", ") };
    const text = locked(recipe, changes);
    const missing = parts.split(" ... ").filter((part) => !text.includes(part));
    assert.deepEqual(missing, [], text);
    assert.equal(made(recipe, changes).text, made(recipe, changes).text, "the same for the same lock");
  });

  const PINNED = "FROM debian@sha256:aa\n";
  const COPIED = "COPY a /a\nONBUILD RUN x\n";
  const GEMS = { packages: ["gem:a@1 in /usr/lib"] };
  each("has no pins where %s", [
    ["the stage runs something on no image", STAGES, { target: "three" }, STAGES],
    ["nothing is run", `FROM debian:12\n${COPIED}`, {}, PINNED + COPIED],
    ["only the base is pinned", "FROM debian:12\nRUN x\n", GEMS, `${PINNED}RUN x\n`],
  ])((_, recipe, changes, expected) =>
    assert.deepEqual(made(recipe, changes), { text: expected, pins: [], reference: null }),
  );

  it("leaves the shell text as it is", () => {
    const run = "apt-get update && \\\n  apt-get install curl\nCMD run\n";
    const files = { APT_CONFIG: "apt.conf", PIP_CONSTRAINT: "constraints.txt", PYTHONPATH: "python" };
    const lines = Object.entries(files).map(([name, file]) => `ARG ${name}="/dev/verified-images/${file}"\n`);
    assert.equal(locked(`FROM debian:12\nRUN ${run}`), `${PINNED}${lines.join("")}RUN ${mount(0)} ${run}`);
  });

  it("gives each stage its own pins, those of the final one as a start", () => {
    const recipe = "FROM debian:12 AS assets\nRUN a\nFROM node:20\nCOPY --from=assets /x /x\nRUN b\n";
    const { pins } = made(recipe);
    const packages = ["0", "1"].map((stage) =>
      pins.find(({ path }) => path === `${stage}/preferences`)?.text.match(/(?<=Package: )\w+/g),
    );
    assert.deepEqual(packages, [["git", "curl"], ["curl"]]);
    const other = made(recipe, { packages: ["dpkg:curl@8"] });
    assert.notEqual(made(recipe).reference, other.reference, "other pins have another name");
  });

  it("lets no text of a lock into the recipe", () => {
    const evil = `{"a":"'; touch /evil #"}\n'\\\nRUN touch /evil\nFROM evil\n# x \\`;
    const { text, pins } = made("FROM debian:12\nRUN npm ci\n", projectAt("/app", evil));
    assert.ok(!text.includes("evil"));
    assert.equal(pins.find(({ path }) => path === "0/npm-0.json")?.text, evil);
  });
});

describe("a locked recipe that is built by hand", () => {
  const facts = {
    file: "web.Dockerfile",
    pins: { folder: "web.pins", reference: "verified-images-pins:0123" },
    local: [{ reference: "own:1", imageId: "sha256:ab" }],
    context: "../app",
    tag: "web:by-hand",
    target: "two",
    platform: "linux/arm64",
    contexts: { lib: "../lib" },
    buildArgs: { A: "it's", B: "a\\b\n$x" },
    secrets: ["token"],
  };

  it("says how, in three lines", () =>
    assert.deepEqual(byHandLines(facts), [
      "# To build this with the packages of its lock, run in this folder; own:1 must be the image sha256:ab:",
      "# DOCKER_BUILDKIT=1 docker build --tag verified-images-pins:0123 --platform linux/arm64 web.pins",
      "# DOCKER_BUILDKIT=1 docker build --file web.Dockerfile --tag web:by-hand --platform linux/arm64 --target two --build-arg 'A=it'\\''s' " +
        "--build-arg \"$(printf '%b' 'B=a\\\\b\\n$x')\" --build-context lib=../lib --secret id=token,src=PATH-OF-THE-SECRET ../app",
    ]));

  each("keeps the parser directives on top: %j", [
    ["FROM a\n", "#x\nFROM a\n"],
    ["# escape=`\n# syntax = b\n\nFROM a\n", "# escape=`\n# syntax = b\n#x\n\nFROM a\n"],
    ["# note\r\nFROM a\r\n", "#x\r\n# note\r\nFROM a\r\n"],
  ])((text, expected) => assert.equal(withTopLines(parseDockerfile(text), ["#x"]), expected));
});

describe("lockedRecipe and a project of npm", () => {
  // A mkdir could meet the folder that the mount makes. A command that needs its folder empty or absent is left to
  // the preload.
  table("%s a RUN with its lock: %s")`
    mounts ¦ npm ci
    mounts ¦ ["npm", "test"]
    does not mount ¦ make
    does not mount ¦ npmrc
    mounts ¦ mkdir -p /site && npm ci
    does not mount ¦ mkdir /site && npm ci
    does not mount ¦ git clone x /site && cd /site && npm ci
    does not mount ¦ npm create vite site
    does not mount ¦ npx create-react-app site && npm i
    mounts ¦ npm init -y && npm i x
    mounts ¦ npm ci && git --version
    mounts ¦ npm run create
  `((verb, run) => {
    const text = locked(`FROM debian:12\nRUN ${run}\nRUN other\n`, projectAt("/site"));
    const line = text.split("\n").find((one) => one.startsWith(`RUN ${mount(0)}`) && one.endsWith(` ${run}`));
    assert.equal(line?.includes("target=/site/package-lock.json,rw"), verb === "mounts", text);
  });
});
