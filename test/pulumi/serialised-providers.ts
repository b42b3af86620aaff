/**
 * What Pulumi writes into the state as a resource's provider, byte for byte. States of every version hold this text
 * and run it, so it must not change: a change is a difference in every user's stack.
 */
const shell = (kind: "image" | "promotion" | "staging"): string => `exports.handler = __f0;

var __provider = {check: __f1, diff: __f2, create: __f3, read: __f4, update: __f5, delete: __f6};

function __f1(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (olds, news) => require("pulumi-verified-images/provider").${kind}.check(olds, news);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f2(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, olds, news) => require("pulumi-verified-images/provider").${kind}.diff(id, olds, news);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f3(__0) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (inputs) => require("pulumi-verified-images/provider").${kind}.create(inputs);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f4(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, props) => require("pulumi-verified-images/provider").${kind}.read(id, props);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f5(__0, __1, __2) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, olds, news) => require("pulumi-verified-images/provider").${kind}.update(id, olds, news);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f6(__0, __1) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return (id, props) => require("pulumi-verified-images/provider").${kind}.delete(id, props);

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f0() {
  return (function() {
    with({ provider: __provider, this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;

/** The provider in every image's state. */
export const IMAGE_PROVIDER = shell("image");
/** The provider in every promotion's state. */
export const PROMOTION_PROVIDER = shell("promotion");
/** The provider in the state of every step of a staged release. */
export const STAGING_PROVIDER = shell("staging");
