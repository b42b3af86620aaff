declare const brand: unique symbol;

/**
 * A text that was read and found to be what its name says. A plain string is never taken for one; it can be used wherever
 * a string can. Only the functions that read such texts make them.
 */
export type Branded<Name extends string> = string & { readonly [brand]: Readonly<Record<Name, true>> };
