import { expect } from 'chai';

/** A call that AWS refuses, with the code and the HTTP status that it documents for that. */
export interface Refusal {
  what: string;
  call: () => Promise<unknown>;
  code: string;
  status: number;
  says?: RegExp;
}

/** One test for each refusal: the official client must see AWS's own error. */
export function refuses(refusals: readonly Refusal[]): void {
  for (const { what, call, code, status, says } of refusals)
    it(`${code} (${status}): ${what}`, async () => {
      const outcome = await call().then(
        () => undefined,
        (error: unknown) => error as Error & { $metadata?: { httpStatusCode?: number } },
      );
      expect(outcome, 'the call succeeded').to.be.instanceOf(Error);
      expect(outcome!.name, outcome!.message).to.equal(code);
      expect(outcome!.$metadata?.httpStatusCode).to.equal(status);
      if (says) expect(outcome!.message).to.match(says);
    });
}
