import assert from "node:assert/strict";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench } from "./support/bench";

const NAMES = ["own-global", "own-user", "own-named"];

describe("constraints in pip's own configuration files", function () {
  this.timeout(600_000);

  it("hold in the rebuild beside the pins, wherever pip reads them", async () => {
    const [bench, pip] = await Promise.all([makeBench(), startPipIndex()]);
    try {
      for (const name of NAMES) for (const version of ["1.0", "2.0"]) await pip.publish({ name, version });
      await bench.write("below.txt", NAMES.map((name) => `${name}<2\n`).join(""));
      const conf = (section: string): string => `printf '[${section}]\\nconstraint = /below.txt\\n'`;
      const install = (words: string, venv = "/opt/venv"): string =>
        `${venv}/bin/pip install ${pip.sourceLine} ${words}`;
      // What stands at two versions has no pin of ours, so that only the recipe's own constraint holds it.
      await bench.write(
        "Dockerfile",
        `FROM ${await toolsImage()}
COPY below.txt /
RUN ${conf("global")} > /etc/pip.conf && ${install("own-global")} && rm /etc/pip.conf
RUN mkdir -p ~/.pip && ${conf("install")} > ~/.pip/pip.conf && ${install("own-user")} && rm ~/.pip/pip.conf
RUN ${conf("install")} > /own.conf && PIP_CONFIG_FILE=/own.conf ${install("own-named")}
RUN python3 -m venv /opt/other && ${install("own-global==2.0 own-user==2.0 own-named==2.0", "/opt/other")}
`,
      );
      const outcome = await bench.build();
      const { packages } = await bench.lock(outcome);
      const own = packages.filter(({ name }) => NAMES.includes(name));
      assert.deepEqual(
        own.map(({ name, version }) => `${name} ${version}`).sort(),
        NAMES.flatMap((name) => [`${name} 1.0`, `${name} 2.0`]).sort(),
      );
      assert.deepEqual(
        { verified: outcome.verified, reason: outcome.reason },
        { verified: "verified", reason: null },
      );
    } finally {
      await pip.close();
      await bench.dispose();
    }
  });
});
