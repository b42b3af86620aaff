import assert from "node:assert/strict";
import { inShort } from "../unit/packages/in-short";
import { isContainerdStore } from "../support/image-store";
import { startNpmRegistry } from "../support/npm-registry";
import { shellImage, toolsImage } from "./support/base-images";
import { makeBench } from "./support/bench";

/** Makes a Debian package whose only content is its name; with `killed` its postinst kills dpkg. */
const deb = (name: string, killed = false): string =>
  `mkdir -p /k/DEBIAN && printf 'Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: a <a@b.example>\nDescription: x\n'`.replaceAll(
    "\n",
    "\\n",
  ) +
  ` > /k/DEBIAN/control${killed ? " && printf '#!/bin/sh\\nkill -9 $PPID\\n' > /k/DEBIAN/postinst && chmod 755 /k/DEBIAN/postinst" : ""}` +
  ` && dpkg-deb -b /k /${name}.deb > /dev/null && rm -r /k`;

/** Makes a package of npm in a folder whose name is given as printf writes it. */
const folder = (name: string, version: string): string =>
  `d="$(printf '${name}')/node_modules/own-odd" && mkdir -p "$d" && echo '{"name":"own-odd","version":"${version}"}' > "$d/package.json"`;

describe("an image that real tools have filled through links and under odd names", function () {
  this.timeout(300_000);

  it("is captured as it stands there", async () => {
    const base = await toolsImage();
    const npm = await startNpmRegistry();
    const bench = await makeBench();
    try {
      await npm.publish({ name: "own-far", version: "1.0.0" });
      await npm.publish({ name: "@own/near", version: "1.0.0", dependencies: { "own-far": "1.0.0" } });
      await bench.write(
        "Dockerfile",
        `FROM ${base}
RUN mkdir /p && cd /p && npm install ${npm.sourceLine} @own/near && mv node_modules /far && ln -s ../far node_modules
RUN mkdir -p /src/own-folder /q && cd /src/own-folder && npm init -y > /dev/null && cd /q && npm install /src/own-folder
RUN ${folder("/odd\\377", "1.0.1")} && ${folder("/odd\\376", "1.0.2")} && ${folder("/odd\\nline", "1.0.3")}
RUN ${deb("own-elsewhere")} && mkdir -p /opt/dpkg/info /opt/dpkg/updates && touch /opt/dpkg/status \\
 && dpkg --admindir=/opt/dpkg --force-script-chrootless -i /own-elsewhere.deb
RUN ${deb("own-killed", true)} && (dpkg -i /own-killed.deb || ls /var/lib/dpkg/updates | grep -q '^0000$')
RUN mv /var/lib/dpkg /usr/lib/dpkg-db && ln -s ../../usr/lib/dpkg-db /var/lib/dpkg && dpkg-query -W own-killed
`,
      );
      const outcome = await bench.build({ verify: "skip" });
      const { packages } = await bench.lock(outcome);
      const own = packages.filter(({ name }) => /^(@own\/|own-)/.test(name));
      assert.deepEqual(own.map((item) => inShort({ ...item, hash: undefined })).sort(), [
        "dpkg:own-elsewhere@1.0 in /opt/dpkg",
        "dpkg:own-killed@1.0",
        "npm:@own/near@1.0.0 in /far",
        "npm:own-far@1.0.0 in /far",
        "npm:own-folder@1.0.0 in /q/node_modules",
        "npm:own-odd@1.0.1 in /odd\\xff/node_modules",
        "npm:own-odd@1.0.2 in /odd\\xfe/node_modules",
        "npm:own-odd@1.0.3 in /odd\\x0aline/node_modules",
      ]);
      assert.ok(
        packages.some(
          ({ ecosystem, name, root }) => ecosystem === "dpkg" && name === "dpkg" && root === undefined,
        ),
      );
    } finally {
      await npm.close();
      await bench.dispose();
    }
  });

  it("is refused for a file whose name means a deletion to other engines, unless the engine deletes by it too", async () => {
    const bench = await makeBench();
    try {
      for (const name of ["own-gone", "own-kept"])
        await bench.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0" }));
      await bench.write(
        "Dockerfile",
        `FROM ${await shellImage()}
COPY node_modules /d/node_modules
RUN echo x > /d/node_modules/.wh.own-gone
`,
      );
      const built = bench.build({ verify: "skip" });
      if (await isContainerdStore()) {
        const { packages } = await bench.lock(await built);
        const found = packages.filter(({ ecosystem }) => ecosystem === "npm").map(({ name }) => name);
        assert.deepEqual(found, ["own-kept"]);
      } else {
        await assert.rejects(
          built,
          /The recipe makes a file named "\/d\/node_modules\/\.wh\.own-gone"\. Engines read names/,
        );
      }
    } finally {
      await bench.dispose();
    }
  });
});
