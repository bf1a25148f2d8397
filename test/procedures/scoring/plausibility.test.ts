import { expect } from 'chai';
import fc from 'fast-check';
import {
  areFew,
  areSmallShares,
  type Changes,
  implausible,
  type Past,
} from '../../../procedures/scoring/plausibility.js';

const none: Changes = {
  withdrawn: 0,
  withdrawnIn: 0,
  discharged: 0,
  reopened: 0,
  moved: 0,
  movedIn: 0,
  reused: 0,
  admitted: 0,
};
const usual: Past = {
  known: 20_000,
  inHospital: 240,
  lately: 0,
  latelyIn: 0,
  mostWithdrawn: 2,
  mostWithdrawnIn: 2,
  mostDischarged: 45,
  elapsed: 1,
  fewest: 200,
  most: 260,
  days: 365,
  sameContract: true,
  emptied: '',
};
const held = (changes: Partial<Changes>, past: Partial<Past> = {}) =>
  implausible({ ...none, ...changes }, { ...usual, ...past });

/** Hospitals of any size, with a past that fits it. */
const hospitals = fc
  .record({
    inHospital: fc.integer({ min: 0, max: 5000 }),
    finished: fc.nat(500_000),
    turnover: fc.double({ min: 0.02, max: 1, noNaN: true }),
  })
  .map(
    ({ inHospital, finished, turnover }): Past => ({
      ...usual,
      known: inHospital + finished,
      inHospital,
      mostDischarged: Math.ceil(inHospital * turnover),
      fewest: Math.floor(inHospital * 0.8),
      most: Math.ceil(inHospital * 1.2),
    }),
  );

describe('whether changes are to be believed', () => {
  it('is so on any day like the worst that the past has seen', () => {
    fc.assert(
      fc.property(hospitals, fc.nat(40), fc.integer({ min: 1, max: 10 }), (past, cancelled, elapsed) => {
        const withdrawn = Math.min(cancelled, past.inHospital);
        const discharged = Math.min(past.inHospital, past.mostDischarged * elapsed);
        const seen = { ...past, elapsed, mostWithdrawn: withdrawn, mostWithdrawnIn: withdrawn };
        // As many come as leave.
        const changes = { ...none, withdrawn, withdrawnIn: withdrawn, discharged, admitted: discharged };
        fc.pre(withdrawn < 0.9 * past.known);
        expect(implausible(changes, seen)).to.deep.equal([]);
      }),
    );
  });

  it('is not where the table is emptied, or loses a third, whatever the size', () => {
    fc.assert(
      fc.property(hospitals, fc.double({ min: 1 / 3, max: 1, noNaN: true }), (past, share) => {
        fc.pre(past.known >= 30);
        const lost = {
          withdrawn: Math.ceil(past.known * share),
          withdrawnIn: Math.ceil(past.inHospital * share),
        };
        expect(implausible({ ...none, ...lost }, past)).to.include('withdrawals');
      }),
    );
  });

  it('is always so of few, without a look at the past', () => {
    const few = fc.nat(9);
    fc.assert(
      fc.property(hospitals, fc.nat(4), few, few, few, (past, withdrawn, discharged, reopened, moved) => {
        const changes = {
          ...none,
          withdrawn,
          withdrawnIn: withdrawn,
          discharged,
          reopened,
          moved,
          movedIn: moved,
        };
        expect(areFew(changes)).to.equal(true);
        expect(implausible(changes, past)).to.deep.equal([]);
      }),
    );
  });

  it('is always so of small shares, without a look at the past', () => {
    const some = fc.oneof(fc.nat(30), fc.nat(2000));
    const changed = fc.record({
      withdrawn: some,
      withdrawnIn: some,
      discharged: some,
      reopened: some,
      moved: some,
      movedIn: some,
      reused: fc.constantFrom(0, 0, 0, 1, 40),
      admitted: some,
    });
    const lately = fc.record({ lately: some, latelyIn: some });
    fc.assert(
      fc.property(hospitals, lately, changed, (past, before, changes) => {
        const present = { ...past, ...before };
        if (areSmallShares(changes, present)) expect(implausible(changes, present)).to.deep.equal([]);
      }),
    );
    expect(areSmallShares({ ...none, discharged: 79 }, usual), 'a day of discharges').to.equal(true);
    expect(areSmallShares({ ...none, discharged: 81 }, usual), 'a third of the hospital').to.equal(false);
  });

  it('depends on how many are usual', () => {
    expect(held({ withdrawn: 30, withdrawnIn: 30 }), 'a ward').to.deep.equal(['withdrawals']);
    expect(held({ withdrawn: 11, withdrawnIn: 11 }), 'less than a twentieth').to.deep.equal([]);
    expect(
      held({ withdrawn: 30, withdrawnIn: 30 }, { mostWithdrawnIn: 15 }),
      'where it is usual',
    ).to.deep.equal([]);
    expect(held({ withdrawn: 10_000 }), 'years of history').to.deep.equal(['withdrawals']);
    expect(held({ withdrawn: 1500 }), 'a month of history').to.deep.equal([]);
    expect(
      held({ withdrawn: 20_000, withdrawnIn: 240 }, { mostWithdrawn: 20_000, mostWithdrawnIn: 240 }),
      'emptied again',
    ).to.deep.equal(['withdrawals']);
    expect(
      held({ withdrawn: 3, withdrawnIn: 3 }, { known: 4, inHospital: 4 }),
      'three of four',
    ).to.deep.equal([]);
    expect(held({ withdrawn: 1200 }, { lately: 1200 }), 'in pieces').to.deep.equal(['withdrawals']);
  });

  it('depends on how many leave in a day, and on how long nothing was heard', () => {
    expect(held({ discharged: 240 })).to.deep.equal(['discharges']);
    expect(held({ discharged: 240, admitted: 230 }, { elapsed: 7 }), 'a load once a week').to.deep.equal([]);
    expect(held({ discharged: 240 }, { days: 10 }), 'a new hospital').to.deep.equal([]);
    expect(held({ discharged: 4 }, { inHospital: 4, mostDischarged: 2 })).to.deep.equal([]);
    expect(
      held({ discharged: 60 }, { inHospital: 60, mostDischarged: 60, fewest: 0 }),
      'a clinic of weekdays',
    ).to.deep.equal([]);
  });

  it('allows discharges to be taken back up to what there has been', () => {
    expect(held({ reopened: 232 }, { inHospital: 8 })).to.deep.equal([]);
    expect(held({ reopened: 19_000 })).to.deep.equal(['reopened']);
    expect(held({ withdrawn: 40, withdrawnIn: 40, reopened: 33 }), 'an older state').to.deep.equal([
      'withdrawals',
      'reopened',
    ]);
  });

  it('is so of everything where the contract has changed, but for rows that are gone', () => {
    const changes = { discharged: 240, reopened: 19_000, moved: 20_000, movedIn: 240 };
    expect(held(changes)).to.deep.equal(['discharges', 'reopened', 'dates']);
    expect(held(changes, { sameContract: false })).to.deep.equal([]);
    expect(held({ ...changes, withdrawn: 20_000, withdrawnIn: 240 }, { sameContract: false })).to.deep.equal([
      'withdrawals',
    ]);
  });
});
