/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access --
   the bodies are serialised as they stand; an import would be captured by value */
import type * as pulumi from "@pulumi/pulumi";

/**
 * The provider stubs: the dynamic providers as Pulumi serialises them into every resource's state. Their text is constant,
 * and the installed package does the work. So old states run the installed code, and an upgrade shows no difference.
 * The text must not use any variable or import of this file; a test compares what is serialised.
 */
export const imageStub: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-verified-images/provider").image.check(olds, news),
  diff: (id, olds, news) => require("pulumi-verified-images/provider").image.diff(id, olds, news),
  create: (inputs) => require("pulumi-verified-images/provider").image.create(inputs),
  read: (id, props) => require("pulumi-verified-images/provider").image.read(id, props),
  update: (id, olds, news) => require("pulumi-verified-images/provider").image.update(id, olds, news),
  delete: (id, props) => require("pulumi-verified-images/provider").image.delete(id, props),
};

/** The same for promotions. */
export const promotionStub: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-verified-images/provider").promotion.check(olds, news),
  diff: (id, olds, news) => require("pulumi-verified-images/provider").promotion.diff(id, olds, news),
  create: (inputs) => require("pulumi-verified-images/provider").promotion.create(inputs),
  read: (id, props) => require("pulumi-verified-images/provider").promotion.read(id, props),
  update: (id, olds, news) => require("pulumi-verified-images/provider").promotion.update(id, olds, news),
  delete: (id, props) => require("pulumi-verified-images/provider").promotion.delete(id, props),
};

/** The same for the steps of a staged release. */
export const stagingStub: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require("pulumi-verified-images/provider").staging.check(olds, news),
  diff: (id, olds, news) => require("pulumi-verified-images/provider").staging.diff(id, olds, news),
  create: (inputs) => require("pulumi-verified-images/provider").staging.create(inputs),
  read: (id, props) => require("pulumi-verified-images/provider").staging.read(id, props),
  update: (id, olds, news) => require("pulumi-verified-images/provider").staging.update(id, olds, news),
  delete: (id, props) => require("pulumi-verified-images/provider").staging.delete(id, props),
};
