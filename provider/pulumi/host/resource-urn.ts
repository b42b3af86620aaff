import * as pulumi from "@pulumi/pulumi";

/**
 * The URN that a resource of this package will have. Its provider needs it to write on the resource's row.
 *
 * The result is a promise of a plain value. An Output would depend on the parent component, and so wait for all its
 * children. This resource is one of them, so it would wait for itself.
 */
export function resourceUrn(
  name: string,
  type: string,
  options: pulumi.CustomResourceOptions | undefined,
): Promise<string> {
  const urn = pulumi.createUrn(name, `pulumi-nodejs:dynamic/verified-images:${type}`, options?.parent);
  return new Promise((resolve) => void urn.apply(resolve));
}
