import { expect } from 'chai';
import type { RegistryEntry } from '../../../procedures/versions/registry.js';
import { findExpired } from '../../../procedures/versions/retire.js';

describe('the retention rule', () => {
  it('keeps the champion, the one before it and the newest others; failures go', () => {
    const entry = (number: number, status: string, promotedAt: string | null = null) =>
      ({ version: `v${number}`, number, status, promotedAt }) as RegistryEntry;
    const known = [
      entry(7, 'TRAINING'),
      entry(6, 'TRAINED'),
      entry(5, 'FAILED'),
      entry(4, 'CHAMPION', '2026-03-01T00:00:00Z'),
      entry(3, 'TRAINED'),
      entry(2, 'RETIRED', '2026-02-01T00:00:00Z'),
      entry(1, 'RETIRED', '2026-01-01T00:00:00Z'),
      entry(0, 'REMOVED'),
    ];
    const names = (keep: number) => findExpired(known, keep).map(({ version }) => version);
    expect(names(1)).to.deep.equal(['v3', 'v1', 'v5']);
    expect(names(9)).to.deep.equal(['v5']);
  });
});
