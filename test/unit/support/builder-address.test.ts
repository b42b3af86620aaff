import assert from "node:assert/strict";
import { bridgeAddresses } from "../../support/builder-address";

type Config = Parameters<typeof bridgeAddresses>[0];

describe("bridgeAddresses", () => {
  const bridge = { Subnet: "172.17.0.0/16" };
  const both = [
    { ...bridge, Gateway: "172.17.0.1" },
    { Subnet: "fd00::/64", Gateway: "fd00::1" },
  ];
  const CASES: [claim: string, config: Config, own: string[], expected: string[]][] = [
    [
      "takes the named gateway first",
      [{ ...bridge, Gateway: "172.17.0.9" }],
      ["127.0.0.1", "172.17.3.4"],
      ["172.17.0.9", "172.17.3.4", "172.17.0.1"],
    ],
    ["guesses the subnet's first address without a gateway", [bridge], ["10.0.0.1"], ["172.17.0.1"]],
    ["guesses it in a smaller subnet", [{ Subnet: "192.168.5.64/26" }], [], ["192.168.5.65"]],
    ["names an address once and leaves IPv6 out", both, ["172.17.0.1", "fd00::1"], ["172.17.0.1"]],
    ["knows none without a subnet", [], ["172.17.0.1"], []],
  ];
  for (const [claim, config, own, expected] of CASES) {
    it(claim, () => assert.deepEqual(bridgeAddresses(config, own), expected));
  }
});
