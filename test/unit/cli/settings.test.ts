import assert from "node:assert/strict";
import { DEFAULT_RETAIN } from "../../../provider/inputs/image-inputs";
import {
  requireVerifiedSetting,
  retainSetting,
  SettingsError,
  type SettingSources,
} from "../../../cli/settings";

const sources = (given: Partial<SettingSources>): SettingSources => ({
  file: null,
  env: {},
  flags: {},
  ...given,
});

describe("the setting retain", () => {
  it("is the default, then the file's, then the environment's, then the flag's", () => {
    const file = { retain: 3 };
    const env = { VERIFIED_IMAGES_RETAIN: "4" };
    const valueOf = (given: Partial<SettingSources>): number => retainSetting(sources(given)).value;
    assert.equal(valueOf({}), DEFAULT_RETAIN);
    assert.equal(valueOf({ file }), 3);
    assert.equal(valueOf({ file, env }), 4);
    assert.equal(valueOf({ file, env, flags: { retain: 5 } }), 5);
  });

  for (const bad of [0, -1, 1.5, "7", null, true]) {
    it(`warns of ${JSON.stringify(bad)} in the file, and takes the default`, () => {
      const { value, warnings } = retainSetting(sources({ file: { retain: bad } }));
      assert.equal(value, DEFAULT_RETAIN);
      assert.deepEqual(warnings, [
        `retain in verified-images.json is ${JSON.stringify(bad)}, expected a whole number of at least 1; 10 is taken instead`,
      ]);
    });
  }

  for (const bad of ["", "0", "many", "1.5", " 3"]) {
    it(`warns of ${JSON.stringify(bad)} in the environment, and takes what holds without it`, () => {
      const env = { VERIFIED_IMAGES_RETAIN: bad };
      const alone = retainSetting(sources({ env }));
      assert.equal(alone.value, DEFAULT_RETAIN);
      assert.match(alone.warnings[0] ?? "", /^VERIFIED_IMAGES_RETAIN is ".*", expected a whole number/);
      assert.equal(retainSetting(sources({ env, file: { retain: 3 } })).value, 3);
    });
  }

  it("names a key that is no setting", () => {
    const { warnings } = retainSetting(sources({ file: { retian: 3 } }));
    assert.deepEqual(warnings, [
      'verified-images.json has "retian", which is no setting; the settings are retain, requireVerified',
    ]);
  });
});

describe("the setting requireVerified", () => {
  const valueOf = (given: Partial<SettingSources>): boolean => requireVerifiedSetting(sources(given));

  it("is off, then the file's, then the environment's, then the flag's", () => {
    const file = { requireVerified: true };
    const env = { VERIFIED_IMAGES_REQUIRE_VERIFIED: "0" };
    assert.equal(valueOf({}), false);
    assert.equal(valueOf({ file }), true);
    assert.equal(valueOf({ file, env }), false);
    assert.equal(valueOf({ file, env, flags: { requireVerified: true } }), true);
  });

  for (const [text, value] of Object.entries({ true: true, "1": true, false: false, "0": false })) {
    it(`takes ${text} from the environment`, () =>
      assert.equal(valueOf({ env: { VERIFIED_IMAGES_REQUIRE_VERIFIED: text } }), value));
  }

  for (const bad of ["", "yes", "TRUE", "toString"]) {
    it(`is an error, not off, at ${JSON.stringify(bad)} in the environment`, () => {
      const env = { VERIFIED_IMAGES_REQUIRE_VERIFIED: bad };
      assert.throws(() => valueOf({ env }), SettingsError);
      assert.throws(() => valueOf({ env, file: { requireVerified: false } }), /could weaken a gate/);
    });
  }

  for (const bad of ["true", 1, null, []]) {
    it(`is an error, not off, at ${JSON.stringify(bad)} in the file`, () =>
      assert.throws(() => valueOf({ file: { requireVerified: bad } }), SettingsError));
  }

  it("is an error when it may be misspelt in the file", () => {
    assert.throws(
      () => valueOf({ file: { requireVerifed: true } }),
      /has "requireVerifed", which is no setting/,
    );
  });

  it("asks nobody else when a flag decides", () => {
    const file = { requireVerified: "maybe" };
    assert.equal(valueOf({ file, flags: { requireVerified: true } }), true);
    assert.equal(valueOf({ file, flags: { requireVerified: false } }), false);
  });
});
