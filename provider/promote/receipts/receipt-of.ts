import { hideCredentials } from "../../base/words/credentials";
import type { Brought } from "../../engines/registry/attached/count";
import type { Judgement } from "../gate/clause";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import type { VerifiedState } from "../../store/verified-state";
import type { ReceiptFacts } from "./receipt";
import { nameInReceipts } from "./target-name";
import type { Who } from "./who";

/** A promotion that succeeded, or one that failed and left targets moved. */
export interface Made {
  inputs: PromotionInputs;
  judgement: Judgement;
  outputs: {
    imageId: string;
    digest: string | null;
    revision: string | null;
    verified: VerifiedState;
    targets: string[];
    previous: Record<string, string | null>;
    promotedAt: string;
  };
  /** The targets that this promotion moved; the others pointed at the image already. */
  moved: string[];
  /** What came along; absent: the promotion failed. */
  along?: readonly Brought[];
  by: Who;
  urn: string | null;
  /** Why it failed; absent: it succeeded. */
  failed?: string;
}

/** The receipt of a promotion. Everybody who may read the store reads it, so credentials are hidden in its words. */
export function receiptOf({ inputs, judgement, outputs, moved, along, by, urn, failed }: Made): ReceiptFacts {
  const override = judgement.override ?? null;
  const named = (target: string): string =>
    inputs.root === undefined ? target : nameInReceipts(inputs.root, target);
  return {
    at: outputs.promotedAt,
    by: { user: by.user, host: by.host, actor: by.actor },
    urn,
    host: inputs.host ?? null,
    source: inputs.source,
    imageId: outputs.imageId,
    digest: outputs.digest,
    targets: outputs.targets.map(named),
    moved: moved.map(named),
    revision: outputs.revision,
    expectedRevision: inputs.expectedRevision ?? null,
    verdict: hideCredentials(judgement.verdict),
    verified: outputs.verified,
    override:
      override === null
        ? null
        : { reason: hideCredentials(override.reason), refused: override.refused.map(hideCredentials) },
    failed: failed === undefined ? null : hideCredentials(failed),
    along: along === undefined ? null : along.map((brought) => ({ ...brought })),
    previous: Object.fromEntries(
      Object.entries(outputs.previous).map(([target, before]) => [named(target), before]),
    ),
  };
}
