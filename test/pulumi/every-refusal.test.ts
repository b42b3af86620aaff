import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { buildTiny, docker, imageId } from "../support/docker";
import { commitAll, git } from "../support/git";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";
import type { Arguments } from "../support/pulumi-program";

const LABEL = "org.opencontainers.image.revision";

/** A promotion that is refused: its arguments, and by property what is said of it. */
interface Refusal {
  more: Arguments;
  says: Readonly<Record<string, readonly RegExp[]>>;
}

describe("promotions that are refused", function () {
  this.timeout(1_800_000);
  let images: OwnImages;
  let project: PulumiProject;
  let folder: string;
  let silent: Server;
  let standing: string;
  let first: string;
  let head: string;
  let refusals: Record<string, Refusal>;
  const here = process.cwd();

  const at = (tag: string): string => `${images.name}:${tag}`;
  const target = (name: string): string => at(`production-${name}`);

  const inputsOf = (name: string, more: Arguments): Arguments => ({
    source: at("head"),
    targets: [target(name)],
    expectedRevision: head,
    ...more,
  });
  const declare = (name: string, inputs: Arguments): Promise<void> =>
    project.write(
      "index.js",
      `const { PromotedImage } = require("pulumi-verified-images");
new PromotedImage(${JSON.stringify(name)}, ${JSON.stringify(inputs)});\n`,
    );

  before(async () => {
    images = ownImages("every");
    folder = await mkdtemp(join(tmpdir(), "every-refusal-"));
    project = await makeProject({
      name: "every",
      program: "",
      files: { "clean/file": "1", "dirty/file": "1", "slow/file": "1" },
    });
    const clean = join(project.directory, "clean");
    first = await commitAll(clean, "first");
    head = await commitAll(clean, "second");
    await git(clean, ["branch", "release", first]);
    const dirtyHead = await commitAll(join(project.directory, "dirty"), "its own");
    await project.write("dirty/file", "2");

    // A work tree in which git waits for its configuration.
    const slow = join(project.directory, "slow");
    await commitAll(slow, "read slowly");
    await rm(join(slow, ".git", "config"));
    execFileSync("mkfifo", [join(slow, ".git", "config")]);

    // A socket that takes every question and answers none.
    const socket = join(folder, "silent.sock");
    silent = createServer(() => undefined).listen(socket);
    await new Promise((resolve) => silent.once("listening", resolve));

    const labelled = (tag: string, label: string | null): Promise<string> =>
      buildTiny({
        name: at(tag),
        labels: { ...images.labels, ...(label === null ? {} : { [LABEL]: label }) },
      });
    standing = await labelled("standing", null);
    for (const [tag, label] of Object.entries({
      head,
      missing: null,
      empty: "",
      blank: " \t",
      template: "<no value>",
      around: ` ${head}`,
      short: head.slice(0, 12),
      upper: head.toUpperCase(),
      other: first,
      dirty: dirtyHead,
      foreign: "ab".repeat(20),
    })) {
      await labelled(tag, label);
    }
    await buildTiny({ name: at("inherits"), labels: images.labels, from: at("head") });

    const no = (what: string): RegExp => new RegExp(`${what}.*no tag was moved`);
    const missing = { expectedRevision: [no("provenance fail-closed: image has no revision label")] };
    refusals = {
      "daemon-gone": {
        more: { host: `unix://${join(folder, "gone.sock")}` },
        says: {
          host: [no("Docker is not reachable at unix://.*gone\\.sock .*start the engine, or name another")],
        },
      },
      "no-answer": {
        more: { host: `unix://${socket}`, timeouts: { inspect: 1 } },
        says: { host: [no("did not answer within 1 s .*The limit is `timeouts\\.inspect`")] },
      },
      "label-missing": { more: { source: at("missing") }, says: missing },
      "label-empty": { more: { source: at("empty") }, says: missing },
      "label-blank": { more: { source: at("blank") }, says: missing },
      "label-template": { more: { source: at("template") }, says: missing },
      "label-around": {
        more: { source: at("around") },
        says: { source: [no(`the image's label ${LABEL} is not a full git revision`)] },
      },
      "label-short": {
        more: { source: at("short") },
        says: {
          expectedRevision: [no("provenance mismatch: image .* != expected ")],
          source: [no("is not a full git revision")],
        },
      },
      "label-upper": {
        more: { source: at("upper") },
        says: {
          expectedRevision: [no("provenance mismatch: image .* != expected ")],
          source: [no("is not a full git revision")],
        },
      },
      "label-other": {
        more: { source: at("other") },
        says: {
          expectedRevision: [no(`mismatch: image ${first.slice(0, 12)} != expected ${head.slice(0, 12)}`)],
        },
      },
      "label-inherited": {
        more: { source: at("inherits") },
        says: {
          source: [no(`may be inherited and not its own: ${at("head")} \\(sha256:.*stamp the image itself`)],
        },
      },
      "tree-missing": {
        more: { commit: { worktree: "nowhere", branch: "main", dirty: "refuse" } },
        says: {
          "commit.worktree": [
            no("no git work tree at nowhere .*there is no such directory; name the work tree"),
          ],
        },
      },
      "tree-none": {
        more: { commit: { worktree: "node_modules/.." } },
        says: { "commit.worktree": [no("not a git repository")] },
      },
      "tree-dirty": {
        more: {
          source: at("dirty"),
          expectedRevision: dirtyHead,
          commit: { worktree: "dirty", dirty: "refuse" },
        },
        says: {
          "commit.dirty": [
            no("work tree dirty is not what was committed \\(file\\); commit, stash or ignore"),
          ],
        },
      },
      "commit-missing": {
        more: { source: at("foreign"), expectedRevision: "ab".repeat(20), commit: { worktree: "clean" } },
        says: { commit: [no("abababababab is no commit in clean; fetch it, or expect")] },
      },
      "not-on-branch": {
        more: { commit: { worktree: "clean", branch: "release" } },
        says: { "commit.branch": [no("is not on the branch release of clean; merge it")] },
      },
      "no-branch": {
        more: { commit: { worktree: "clean", branch: "origin/main" } },
        says: { "commit.branch": [no("there is no branch origin/main in clean; fetch it")] },
      },
      "git-timeout": {
        more: { commit: { worktree: "slow" }, timeouts: { git: 1 } },
        says: {
          "commit.worktree": [no("git rev-parse did not finish within 1 s \\(timeouts\\.git\\)")],
        },
      },
      "not-verified": {
        more: { root: "store" },
        says: {
          requireVerified: [no("is not verified \\(unknown\\): the store .*store has no build of it")],
        },
      },
      everything: {
        more: {
          source: at("short"),
          expectedRevision: "ab".repeat(20),
          commit: { worktree: "dirty", branch: "main", dirty: "refuse" },
          root: "store",
        },
        says: {
          expectedRevision: [no("provenance mismatch")],
          source: [no("is not a full git revision")],
          commit: [no("abababababab is no commit in dirty")],
          "commit.branch": [
            no("abababababab is on the branch main can't be told|abababababab is not on the branch"),
          ],
          "commit.dirty": [no("is not what was committed")],
          requireVerified: [no("is not verified")],
        },
      },
    };
    for (const name of Object.keys(refusals)) await docker(["tag", standing, target(name)]);
    // Where Pulumi runs the provider.
    process.chdir(project.directory);
  });
  after(async () => {
    process.chdir(here);
    await images.clean();
    project.remove();
    silent.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("each say why, by property, with what to do", async () => {
    for (const [name, { more, says }] of Object.entries(refusals)) {
      const { failures } = await promotion.check({}, { ...inputsOf(name, more) });
      const named = [...new Set(failures.map(({ property }) => property))].sort();
      assert.deepEqual(named, Object.keys(says).sort(), `${name}: ${JSON.stringify(failures)}`);
      for (const [property, words] of Object.entries(says)) {
        const about = failures.filter((failure) => failure.property === property);
        for (const word of words) assert.match(about.map(({ reason }) => reason).join("\n"), word, name);
      }
    }
  });

  it("are refused in the moment before tagging as well", async () => {
    for (const [name, { more, says }] of Object.entries(refusals)) {
      await assert.rejects(promotion.create({ ...inputsOf(name, more) }), (error: Error) => {
        for (const words of Object.values(says).flat()) {
          const [first = ""] = words.source.split(".*no tag was moved");
          if (says.host === undefined) assert.match(error.message, /and no tag was moved: /, name);
          assert.match(error.message, new RegExp(first), name);
        }
        return true;
      });
    }
    for (const name of Object.keys(refusals)) assert.equal(await imageId(target(name)), standing, name);
  });

  it("are refused in the moment before an update, too, which moves no tag and takes none away", async () => {
    const dropped = target("dropped");
    await docker(["tag", at("head"), dropped]);
    const olds = {
      ...inputsOf("update", {}),
      imageId: await imageId(dropped),
      targets: [target("update"), dropped],
    };
    await docker(["tag", standing, target("update")]);
    const news = inputsOf("update", { source: at("other") });
    await assert.rejects(
      promotion.update(target("update"), olds, news),
      /no tag was moved: provenance mismatch/,
    );
    assert.equal(await imageId(target("update")), standing);
    assert.equal(await imageId(dropped), olds.imageId);
  });

  it("are told from inputs that can be right for no image, or name none", async () => {
    const notFull = /is not a full git revision/;
    const cases: [Arguments, Record<string, RegExp>][] = [
      [{ expectedRevision: undefined }, { expectedRevision: /is missing/ }],
      [{ expectedRevision: "" }, { expectedRevision: /provenance fail-closed: empty expected revision/ }],
      [{ expectedRevision: ` ${head}` }, { expectedRevision: notFull }],
      [
        { source: at("short"), expectedRevision: head.slice(0, 12) },
        { expectedRevision: notFull, source: notFull },
      ],
      [
        { source: `sha256:${"0".repeat(64)}` },
        { source: /there is no image sha256:0+ on the engine; .*no tag was moved/ },
      ],
    ];
    const nothing = { source: /is missing/, targets: /is missing/, expectedRevision: /is missing/ };
    for (const [inputs, says] of [
      [{}, nothing] as const,
      ...cases.map(([more, says]) => [inputsOf("input", more), says] as const),
    ]) {
      const { failures } = await promotion.check({}, { ...inputs });
      const said = Object.fromEntries(failures.map(({ property, reason }) => [property, reason]));
      assert.deepEqual(Object.keys(said).sort(), Object.keys(says).sort(), JSON.stringify(failures));
      for (const [property, words] of Object.entries(says)) assert.match(said[property] ?? "", words);
    }
  });

  it("fail Pulumi's preview and update with all that is said", async () => {
    const { more, says } = refusals.everything ?? assert.fail();
    await declare("everything", inputsOf("everything", more));
    const { code, diagnostics } = await project.preview();
    assert.notEqual(code, 0);
    const { stdout } = await project.up({ skipPreview: true, expectFailure: true });
    for (const said of [diagnostics, stdout]) {
      for (const [property, words] of Object.entries(says)) {
        const lines = said.split("\n").filter((line) => line.includes(`property ${property} value`));
        for (const word of words) assert.match(lines.join("\n"), word);
      }
    }
    assert.equal(await imageId(target("everything")), standing);
  });

  it("are promoted where the same is in order, which a refused one leaves; a dirty tree warns unless it is to be refused", async () => {
    const good = {
      source: at("dirty"),
      targets: [target("good")],
      expectedRevision: await git(join(project.directory, "dirty"), ["rev-parse", "HEAD"]),
      commit: { worktree: join(project.directory, "dirty"), branch: "main" },
    };
    await declare("good", good);
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.match(preview.diagnostics, /warning: .*the work tree dirty is not what was committed \(file\)/);
    const { stdout } = await project.up({ skipPreview: true });
    assert.match(stdout, /warning: .*the work tree dirty is not what was committed \(file\)/);
    assert.equal(await imageId(target("good")), await imageId(at("dirty")));
    const { resources = [] } = (await project.exportState()).deployment;
    const state = resources.find(({ urn }) => urn.endsWith("::good"));
    assert.deepEqual(state?.inputs?.commit, { worktree: "dirty", branch: "main" }, "no absolute path");
    assert.deepEqual((await project.preview()).changed(), []);

    // What follows a good one is refused as well, and the good one stays.
    await declare("good", { ...good, source: at("other") });
    const refused = await project.preview();
    assert.notEqual(refused.code, 0);
    assert.match(refused.diagnostics, /provenance mismatch: image .*no tag was moved/);
    await project.up({ skipPreview: true, expectFailure: true });
    assert.equal(await imageId(target("good")), await imageId(at("dirty")));
    const kept = (await project.exportState()).deployment.resources ?? [];
    assert.equal(
      kept.find(({ urn }) => urn.endsWith("::good"))?.outputs?.imageId,
      await imageId(at("dirty")),
    );
  });
});
