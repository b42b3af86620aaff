import { hideCredentials } from "../../base/words/credentials";
import { visibleLines } from "../../base/words/visible";
import type { CheckAnswer, Properties } from "./properties";

/** Inputs that a check adds for display only. */
const SHOWN = ["live", "promotes", "promotesId"];

/** A check's answer whose words are safe to show: they may quote labels, and what other programs have printed. */
function visibleCheck({ inputs, failures }: CheckAnswer): CheckAnswer {
  const shown = SHOWN.flatMap((name): [string, string][] => {
    const value = inputs[name];
    return typeof value === "string" ? [[name, visibleLines(value)]] : [];
  });
  return {
    inputs: { ...inputs, ...Object.fromEntries(shown) },
    failures: failures.map(({ property, reason }) => ({
      property,
      reason: hideCredentials(visibleLines(reason)),
    })),
  };
}

type Check = (olds: Properties | undefined, news: Properties) => Promise<CheckAnswer>;

/** A provider whose checks answer in words that are safe to show. */
export function withVisibleCheck<Provider extends { check: Check }>(provider: Provider): Provider {
  return {
    ...provider,
    check: async (olds: Properties | undefined, news: Properties) =>
      visibleCheck(await provider.check(olds, news)),
  };
}
