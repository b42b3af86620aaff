/** How a hold is waited for and kept, in milliseconds. */
export interface HoldTimes {
  /** Between two looks at somebody else's hold. */
  poll: number;
  /** Between two signs of life of one's own. */
  beat: number;
  /** Without a sign of life, after which a holder elsewhere counts as dead. */
  stale: number;
  /** Between two words about the wait. */
  say: number;
  /** After which waiting is given up. */
  limit: number;
}

/** What they are outside tests. Each step of a build has a limit of its own, so a holder that lives goes on. */
export const HOLD_TIMES: HoldTimes = {
  poll: 250,
  beat: 10_000,
  stale: 60_000,
  say: 60_000,
  limit: 2 * 3_600_000,
};
