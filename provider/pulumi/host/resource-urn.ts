import * as pulumi from "@pulumi/pulumi";

/**
 * The URN that a resource of this package will have, so that its provider can speak on its row.
 *
 * It is a plain value: as an output of the parent it would depend on it, and to depend on a component is to wait for
 * all its children, of which this resource is one.
 */
export function resourceUrn(
  name: string,
  type: string,
  options: pulumi.CustomResourceOptions | undefined,
): Promise<string> {
  const urn = pulumi.createUrn(name, `pulumi-nodejs:dynamic/verified-images:${type}`, options?.parent);
  return new Promise((resolve) => void urn.apply(resolve));
}
