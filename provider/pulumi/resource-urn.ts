import * as pulumi from "@pulumi/pulumi";

/** The URN that a resource of this package will have, so that its provider can speak on its row. */
export function resourceUrn(
  name: string,
  type: string,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Output<string> {
  return pulumi.createUrn(name, `pulumi-nodejs:dynamic/verified-images:${type}`, options?.parent);
}
