import assert from "node:assert/strict";
import { bridgeAddresses } from "../../support/builder-address";

describe("bridgeAddresses", () => {
  it("takes the named gateway first", () => {
    const config = [{ Subnet: "172.17.0.0/16", Gateway: "172.17.0.9" }];
    assert.deepEqual(bridgeAddresses(config, ["127.0.0.1", "172.17.3.4"]), [
      "172.17.0.9",
      "172.17.3.4",
      "172.17.0.1",
    ]);
  });

  it("guesses the subnet's first address when no gateway is named", () => {
    assert.deepEqual(bridgeAddresses([{ Subnet: "172.17.0.0/16" }], ["10.0.0.1"]), ["172.17.0.1"]);
    assert.deepEqual(bridgeAddresses([{ Subnet: "192.168.5.64/26" }], []), ["192.168.5.65"]);
  });

  it("names an address once and leaves IPv6 out", () => {
    const config = [
      { Subnet: "172.17.0.0/16", Gateway: "172.17.0.1" },
      { Subnet: "fd00::/64", Gateway: "fd00::1" },
    ];
    assert.deepEqual(bridgeAddresses(config, ["172.17.0.1", "fd00::1"]), ["172.17.0.1"]);
    assert.deepEqual(bridgeAddresses([], ["172.17.0.1"]), []);
  });
});
