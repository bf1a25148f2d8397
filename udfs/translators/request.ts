import type { RawRow } from '../encoding/encoding.js';

/** Batch of a request translator: a batch, each row with its number and the caller's OBJECT. */
export interface RequestEvent {
  readonly body: { readonly data: readonly (readonly [number, RawRow | null])[] };
}

/** Answer of a request translator: the endpoint's CSV, and what the response translator needs to know. */
export interface Request<Data> {
  readonly body: string;
  /** Goes on from the external function's URL: the version's endpoint. */
  readonly urlSuffix: string;
  readonly translatorData: Data;
}
