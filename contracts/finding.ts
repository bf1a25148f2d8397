/** One of them. */
export type Finding = { readonly problem: string } | { readonly warning: string };
