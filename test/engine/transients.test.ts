import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { isInImage } from "../../provider/packages/lock/transient";
import type { Drift, LockedPackage } from "../../provider/packages/lock/types";
import { startAptArchive, type AptSpec } from "../support/apt-archive";
import type { Archive, Published } from "../support/archive";
import { docker } from "../support/docker";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { aptInstall } from "./support/recipes";
import { assertNothingOfOurs } from "./support/traces";

const own = (items: readonly LockedPackage[]): string[] =>
  items
    .filter(({ name }) => name.startsWith("own-"))
    .map(({ name, version, arch, hash, stage, transient }) =>
      [`${stage ?? ""}${transient ? " gone" : ""}`, name, arch ?? "", version, hash].join(" "),
    );
const purge = (...names: string[]): string => `apt-get purge -y -qq ${names.join(" ")} > /dev/null`;

describe("Debian packages that a recipe installs and removes again", function () {
  this.timeout(180_000);
  let slim: string;
  let archive: Archive<AptSpec>;
  before(async () => {
    slim = await slimImage();
    archive = await startAptArchive();
  });
  after(() => archive?.close());

  describe("within one RUN, while newer versions appear", () => {
    let bench: Bench;
    let outcome: Outcome;
    const published: Record<string, Published> = {};
    let earlier = 0;

    before(async () => {
      bench = await makeBench();
      earlier = archive.requests.length;
      const names = [
        "own-base",
        "own-lib",
        "own-maker",
        "own-runtime",
        "own-foreign",
        "own-quiet",
        "own-compiler",
      ];
      for (const name of names) {
        const depends = name === "own-compiler" ? ["own-lib"] : [];
        const architecture = name === "own-foreign" ? "arm64" : "all";
        published[name] = await archive.publish({ name, version: "1:1.0", depends, architecture });
        archive.onceDownloaded(name, async () => {
          await archive.publish({ name, version: "1:2.0", depends, architecture });
        });
      }
      await bench.write(
        "Dockerfile",
        `FROM ${slim} AS builder
RUN ${aptInstall(archive, "own-maker", "own-base")} && ${purge("own-maker")} && mkdir /out && echo made > /out/made
RUN apt-get install -y own-quiet > /dev/null 2>&1; ${purge("own-quiet")}
FROM ${slim}
USER 1000:1000
RUN test "$(id -u)" = 1000 && apt-get --version > /dev/null
USER 0
RUN dpkg --add-architecture arm64 && ${aptInstall(archive, "own-compiler", "own-runtime", "own-foreign:arm64")} \\
  > /dev/null 2>&1; cat /usr/share/own-compiler/content > /made && ${purge("own-compiler", "own-foreign:arm64")} \\
\t&& apt-get autoremove -y -qq --purge > /dev/null && rm -rf /var/lib/apt/lists/* /var/log/*
COPY --from=builder /out /out
`,
      );
      outcome = await bench.build();
    });
    after(() => bench?.dispose());

    it("end verified, by the versions of the first build", async () => {
      assert.equal(outcome.verified, "verified", outcome.reason ?? "");
      assert.equal(await docker(["run", "--rm", outcome.reference, "cat", "/made"]), "own-compiler 1:1.0");
      const requests = archive.requests.slice(earlier);
      const files = requests.map(({ path }) => path).filter((path) => path.endsWith(".deb"));
      assert.ok(files.length >= 12);
      assert.deepEqual(
        files.filter((file) => !file.includes("_1.0_")),
        [],
      );
    });

    it("stand in the lock with the bytes that apt had, apart from what stage and image have", async () => {
      const hash = (name: string): string => `sha256:${published[name]?.sha256 ?? ""}`;
      assert.deepEqual(own((await bench.lock(outcome)).packages), [
        ` own-runtime  1:1.0 ${hash("own-runtime")}`,
        ` gone own-compiler  1:1.0 ${hash("own-compiler")}`,
        ` gone own-foreign arm64 1:1.0 ${hash("own-foreign")}`,
        ` gone own-lib  1:1.0 ${hash("own-lib")}`,
        `builder own-base  1:1.0 ${hash("own-base")}`,
        `builder gone own-maker  1:1.0 ${hash("own-maker")}`,
        `builder gone own-quiet  1:1.0 ${hash("own-quiet")}`,
      ]);
    });

    it("are not counted as packages of the image", async () => {
      const { packages } = await bench.lock(outcome);
      assert.equal(outcome.packages.dpkg, packages.filter(isInImage).length);
    });

    it("leave no trace of how they were seen in the image, but for an old builder's history", async () => {
      await assertNothingOfOurs(bench, outcome, "APT_CONFIG");
    });
  });

  it("are drift by name when other bytes come under the same version, or, past the pins, another version", async () => {
    const bench = await makeBench();
    try {
      const sums: Record<string, string[]> = {};
      for (const name of ["own-gone", "own-kept"]) {
        const { sha256 } = await archive.publish({ name, version: "1.0" });
        sums[name] = [sha256];
        archive.onceDownloaded(name, async () => {
          sums[name]?.push((await archive.publish({ name, version: "1.0", content: "other" })).sha256);
        });
      }
      await archive.publish({ name: "own-late", version: "1.0" });
      archive.onceDownloaded("own-late", async () => {
        await archive.publish({ name: "own-late", version: "2.0" });
      });
      await bench.write(
        "Dockerfile",
        `FROM ${slim} AS maker
RUN ${aptInstall(archive, "own-late/stable")} && ${purge("own-late")} && touch /made
FROM ${slim}
RUN ${aptInstall(archive, "own-kept", "own-gone")} && ${purge("own-gone")}
COPY --from=maker /made /
`,
      );
      const { verified, drift, warnings } = await bench.build();
      assert.equal(verified, "unverified");
      const change = (shown: string, name: string): Drift["changed"][number] => {
        const [from = "", to = ""] = (sums[name] ?? []).map((sum) => `1.0 (sha256:${sum.slice(0, 12)})`);
        assert.notEqual(from, to);
        return { name: shown, from, to };
      };
      const changed = [
        change("dpkg:own-gone [removed again]", "own-gone"),
        change("dpkg:own-kept", "own-kept"),
        { name: "dpkg:own-late [stage maker, removed again]", from: "1.0", to: "2.0" },
      ];
      assert.deepEqual(drift, { changed, added: [], removed: [] });
      assert.match(warnings[0] ?? "", /changed dpkg:own-kept 1\.0 \(sha256:\w{12}\) -> 1\.0 \(sha256:/);
    } finally {
      await bench.dispose();
    }
  });

  it("prove nothing, by name, where their RUN printed more than BuildKit's log takes", async () => {
    const bench = await makeBench();
    try {
      await archive.publish({ name: "own-hidden", version: "1.0" });
      await archive.publish({ name: "own-shown", version: "1.0" });
      const noise = `yes '${"noise ".repeat(20)}' | head -n 20000 >&2`;
      const install = aptInstall(archive, "own-hidden", "own-shown");
      await bench.write("Dockerfile", `FROM ${slim}\nRUN ${noise} && ${install} && ${purge("own-hidden")}\n`);
      const outcome = await bench.build();
      assert.deepEqual(own((await bench.lock(outcome)).packages), [" own-shown  1.0 "]);
      const record = await readFile(bench.paths(outcome.timestamp).record, "utf8");
      assert.match(record, /"incompleteTransients": \[\s+""\s+\]/);
      assert.equal(outcome.verified, "unknown");
      assert.match(outcome.reason ?? "", /the lock does not have \(own-hidden\).* print less/);

      // What stays is judged by the image itself.
      await bench.write("Dockerfile", `FROM ${slim}\nRUN ${noise} && ${aptInstall(archive, "own-shown")}\n`);
      const kept = await bench.build();
      assert.equal(kept.verified, "verified", kept.reason ?? "");
    } finally {
      await bench.dispose();
    }
  });
});
