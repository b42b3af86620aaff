declare const brand: unique symbol;

/**
 * A string that has been checked. Only the functions that read such strings make values of this type. It can be used
 * wherever a string can, but a plain string can't be used in its place.
 */
export type Branded<Name extends string> = string & { readonly [brand]: Readonly<Record<Name, true>> };
