import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../support/archive";
import { startAptArchive } from "../support/apt-archive";
import { engineAt } from "../../provider/build/functions/effects";
import { imageId, removeImage } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { shellImage, slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { selfSigned } from "./support/certificate";
import { imageContents, type ImageContents } from "./support/image-contents";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";
import { historyNamesOurs, withoutOurs } from "./support/traces";

const REVISION = "0123456789abcdef0123456789abcdef01234567";

/** Files whose very name differs between any two builds: logs named by the time, and Node's cache of compiled code. */
const NAMED_BY_CHANCE = /\/\.npm\/_logs\/[^/]+$|\/node-compile-cache\/.*[^/]$/;
/** Files that hold a time, so their bytes differ between any two builds; all else about them is compared. */
const HOLDS_TIME =
  /\/var\/log\/|\/var\/cache\/(?:apt|ldconfig|debconf)\/|\/var\/lib\/apt\/lists\/|\.pyc$|\/\.npm\/_cacache\/|\/\.npm\/_update-notifier/;

/** A line for every entry of every layer, without what differs between any two builds of one recipe. */
function entryLines({ layers }: ImageContents): string[] {
  return layers.flatMap((entries, layer) =>
    Object.entries(entries)
      .filter(([path]) => !NAMED_BY_CHANCE.test(path))
      .map(([path, text]) => [path, HOLDS_TIME.test(path) ? text.replace(/ \d+ bytes .*/, "") : text])
      .map(([path, text]) => `layer ${layer}: ${path} ${text}`),
  );
}

function onlyIn(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return lines.filter((line) => !known.has(line));
}

describeInLanes(
  "the image that is kept is the one that `docker build` makes of the loose recipe",
  function (beside) {
    this.timeout(300_000);
    const trusted = process.env.NODE_EXTRA_CA_CERTS;
    let archives: { apt: Archive; pip: Archive; npm: Archive };
    let [shell, base] = ["", ""];
    let bench: Bench;

    before(async () => {
      [shell, base] = [await shellImage(), beside ? await slimImage() : await toolsImage()];
      const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
      archives = { apt, pip, npm };
      await apt.publish({ name: "own-deb", version: "1.0" });
      await pip.publish({ name: "own-wheel", version: "1.0" });
      await npm.publish({ name: "own-cli", version: "1.0.0", manifest: { bin: "index.js" } });
    });
    beforeEach(async () => {
      bench = await makeBench();
      const file = join(bench.directory, "authority.pem");
      await writeFile(file, (await selfSigned("192.0.2.1")).cert);
      process.env.NODE_EXTRA_CA_CERTS = file;
    });
    afterEach(async () => {
      if (trusted === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
      else process.env.NODE_EXTRA_CA_CERTS = trusted;
      await removeImage(`${bench.name}:plain`);
      await bench.dispose();
    });
    after(async () => {
      await Promise.all(Object.values(archives ?? {}).map((archive) => archive.close()));
    });

    it(`with ${beside ? "apt" : "apt, pip and npm"}, an own authority, a revision, every kind of setting, and stages without a name`, async () => {
      const { apt, pip, npm } = archives;
      // Only apt gets mounts of ours, so with another builder there is nothing more to see in pip and npm.
      const others = beside
        ? "RUN chown -R 1000 /site"
        : `RUN /opt/venv/bin/pip install ${pip.sourceLine} own-wheel
RUN npm install -g ${npm.sourceLine} own-cli
RUN npm install ${npm.sourceLine} && chown -R 1000 /site && node /usr/local/lib/node_modules/npm/bin/npx-cli.js own-cli`;
      // Each stage is captured, so those that need no tools have none.
      const recipe = `ARG BASE=${shell}
FROM $BASE
RUN echo one > /one
FROM $BASE AS lower
RUN echo two > /two
FROM lower
RUN echo three >> /two
FROM ${base}
ARG GIT_SHA
ARG COLOUR=red
ENV STAMP=$GIT_SHA
SHELL ["/bin/bash", "-e", "-c"]
COPY --from=0 /one /first/one
COPY --from=2 /two /second
RUN ${aptInstall(apt, "own-deb")}
RUN --mount=type=bind,from=lower,source=/,target=/mnt test -e /mnt/two && echo three > /third
WORKDIR /site
COPY --chown=1000:1000 package.json .
${others}
USER 1000:1000
ENV HOME=/site
RUN echo $COLOUR > colour
EXPOSE 8080/tcp
VOLUME ["/data"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=5s CMD true
ONBUILD RUN true
ENTRYPOINT ["node"]
CMD ["--version"]
`;
      await bench.write(
        "package.json",
        JSON.stringify({ name: "site", dependencies: { "own-cli": "^1.0.0" } }),
      );
      await bench.write("Dockerfile", recipe);
      const labels = { "org.example.team": "web" };
      // Pins are for the rebuild, which is thrown away: what is kept is there before it.
      const { reference } = await bench.build({ labels, revision: REVISION, verify: "skip" });
      const plainly = `${bench.name}:plain`;
      await engineAt(undefined, 30).build({
        dockerfile: recipe,
        ignore: "",
        context: bench.context,
        ...{ tag: plainly, name: plainly },
        target: null,
        platform: null,
        buildArgs: { GIT_SHA: REVISION },
        labels: { ...labels, "org.opencontainers.image.revision": REVISION },
        bases: await Promise.all(
          [shell, base].map(async (reference) => ({ reference, imageId: await imageId(reference) })),
        ),
        secrets: {},
        cache: false,
        logFile: join(bench.directory, "plain.log"),
        timeoutMs: 120_000,
      });
      const [kept, plain] = await imageContents([reference, plainly]);
      assert.ok(kept && plain);

      assert.deepEqual(kept.config, plain.config);
      const names = await historyNamesOurs();
      assert.equal(kept.history.join().includes("PIP_CERT"), names);
      assert.deepEqual(names ? withoutOurs(kept.history) : kept.history, plain.history);
      assert.ok(
        plain.history.some((line) => line.includes("|2 GIT_SHA=")),
        plain.history.join("\n"),
      );
      assert.equal(kept.layers.length, plain.layers.length);
      const [ours, theirs] = [entryLines(kept), entryLines(plain)];
      assert.deepEqual(
        { kept: onlyIn(ours, theirs), plain: onlyIn(theirs, ours) },
        { kept: [], plain: [] },
        "entries that only one of the images has",
      );
      const installed = beside ? [] : ["/own_wheel/__init__.py", "/own-cli/package.json"];
      for (const path of [...installed, "/own-deb.list", "/first/one"])
        assert.ok(
          theirs.some((line) => line.includes(path) && / bytes /.test(line)),
          path,
        );
    });
  },
);
