import { expect } from 'chai';
import fc from 'fast-check';
import type { StatementStep, Step } from '../../../procedures/ground/work.js';
import type { RenewPlan } from '../../../procedures/renewal/plan.js';
import { LEAST_ROWS, type Renewed, renewMorning, SUSPICIOUS } from '../../../procedures/renewal/renew.js';
import { place, scripted } from '../scripted.js';

const REFUSED = 'remote service error: 400 CLIENT_ERROR_FROM_MODEL';
const BUSY = 'remote service error: 429 throttled';

const plan: RenewPlan = {
  place,
  dataset: 'd',
  runLog: 'RUNS',
  opening: 'opening',
  lock: 'lock',
  renew: 'renew {{asks}} {{known}} {{range}}',
  known: 'known {{since}}',
  unknown: 'unknown',
  probe: 'probe',
  asked: 'asked {{as_of}}',
  rests: 'rests',
  counts: 'counts {{as_of}}',
};

/** Who waits for the prediction of a morning, and a model. */
class Ward {
  readonly sent: string[] = [];
  /** Case → the refusal that its row has; '': the model has answered. */
  readonly written = new Map<string, string>();
  asked = 0;
  /** What Snowflake says of the events' rows; undefined: they can be read. */
  lost: string | undefined;
  /** What the model says of cases; null: it answers. */
  says: (cases: readonly string[]) => string | null = () => null;

  constructor(
    readonly served: readonly string[],
    readonly others: readonly string[] = [],
  ) {}

  run(): Renewed {
    const { length } = this.served;
    const morning = { asOf: '2026-11-20 06:00:00', served: length, since: length > 0 ? '2026-11-01' : null };
    return scripted(renewMorning(plan, 'R', morning), (step) => this.answer(step) as never);
  }

  private answer(step: Step): readonly object[] | number | undefined {
    const { sql, binds } = step as StatementStep;
    this.sent.push(sql);
    if (sql.startsWith('renew')) return this.renew(sql, binds as (string | null)[]);
    if (sql === 'probe' && this.lost !== undefined) throw new Error(this.lost);
    if (sql.startsWith('asked')) return this.served.map((CASE_ID) => ({ CASE_ID }));
    if (!sql.startsWith('counts')) return undefined;
    expect(sql).to.contain("'2026-11-20 06:00:00'::TIMESTAMP_NTZ");
    const refused = [...this.written.values()].filter((reason) => reason !== '').length;
    return [{ STAY: this.written.size - refused, ADMISSION: refused, WITHOUT: 0, REFUSED: refused }];
  }

  private renew(sql: string, binds: readonly (string | null)[]): number {
    const refusal = binds.at(-1)!;
    const between = sql.includes('BETWEEN');
    const which = sql.includes('NOT SERVED')
      ? this.others
      : between
        ? this.served.filter((id) => id >= binds[1]! && id <= binds[2]!)
        : [...this.served, ...this.others];
    expect(binds).to.have.length(between ? 4 : 2);
    const asks = sql.includes('TRUE known');
    if (asks) expect(sql).to.contain("known '2026-11-01'::TIMESTAMP_NTZ");
    else expect(sql).to.contain('FALSE unknown');
    expect(asks).to.equal(this.served.length > 0 && refusal === null);
    const cases = which.filter((id) => this.served.includes(id));
    if (asks) this.asked++;
    const why = asks && cases.length > 0 ? this.says(cases) : null;
    if (why !== null) throw new Error(why);
    for (const id of which) {
      expect([...this.written.keys()]).not.to.include(id);
      this.written.set(id, refusal ?? '');
    }
    return which.length;
  }
}

const cases = (n: number, letter = 'S') =>
  Array.from({ length: n }, (_, i) => letter + String(i).padStart(4, '0'));

describe('the renewal of a morning decides', () => {
  it('to ask once about all, locking first, and to ask no model where it serves no stay', () => {
    const ward = new Ward(cases(3), cases(2, 'O'));
    expect(ward.run()).to.deep.equal({ rows: 5, stay: 5, admission: 0, without: 0, refused: 0 });
    expect(ward.sent.slice(0, 2)).to.deep.equal(['BEGIN', 'lock']);
    expect(ward.sent.filter((sql) => sql === 'COMMIT')).to.have.length(1);
    expect(ward.asked).to.equal(1);
    const unserved = new Ward([], cases(2, 'O'));
    expect(unserved.run().rows).to.equal(2);
    expect(unserved.asked).to.equal(0);
  });

  it('that everybody has one row, and those alone a refusal whom the model cannot read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.array(fc.nat(), { maxLength: 3 }), (n, picks) => {
        const ward = new Ward(cases(n), cases(2, 'O'));
        const poison = new Set(picks.map((pick) => ward.served[pick % n]!));
        ward.says = (asked) => (asked.some((id) => poison.has(id)) ? REFUSED : null);
        const { rows, refused } = ward.run();
        expect(rows).to.equal(n + 2);
        expect(refused).to.equal(poison.size);
        for (const [id, reason] of ward.written) expect(reason).to.equal(poison.has(id) ? REFUSED : '');
        expect(ward.sent.filter((sql) => sql === 'BEGIN')).to.have.length(
          ward.sent.filter((sql) => sql === 'COMMIT' || sql === 'ROLLBACK').length,
        );
      }),
      { numRuns: 80 },
    );
  });

  it('to ask about no further one after so many refusals without an answer', () => {
    const ward = new Ward(cases(64));
    ward.says = () => REFUSED;
    expect(ward.run()).to.deep.include({ rows: 64, refused: 64 });
    // The whole, then down to the first eight, and all that was halved until then.
    expect(ward.asked).to.be.within(SUSPICIOUS, 2 * SUSPICIOUS + 12);
  });

  it('to go on where the model answers others, however many it refuses', () => {
    const ward = new Ward(cases(64));
    ward.says = (asked) => (asked.some((id) => Number(id.slice(1)) % 2 === 1) ? REFUSED : null);
    expect(ward.run()).to.deep.include({ rows: 64, refused: 32 });
  });

  it('to ask about fewer where they are too many, and to fail where they are few', () => {
    const ward = new Ward(cases(500));
    ward.says = (asked) => (asked.length > 150 ? BUSY : null);
    expect(ward.run()).to.deep.include({ rows: 500, refused: 0 });
    const busy = new Ward(cases(LEAST_ROWS * 4), cases(1, 'O'));
    busy.says = () => BUSY;
    expect(() => busy.run()).to.throw('429');
    // Who is not asked about has a row; the next run asks about the others.
    expect([...busy.written.keys()]).to.deep.equal(busy.others);
  });

  it('to pass on what is no refusal, and any error where the model serves no stay', () => {
    const ward = new Ward(cases(3), cases(1, 'O'));
    ward.says = () => 'endpoint is not in service';
    expect(() => ward.run()).to.throw('not in service');
    expect(ward.written.size).to.equal(0);
    expect(ward.sent.slice(-2)).to.deep.equal(['ROLLBACK', 'probe']);
    const later = new Ward(cases(4));
    later.says = (asked) => (asked.length > 3 ? REFUSED : 'endpoint is not in service');
    expect(() => later.run()).to.throw('not in service');
  });

  it('that the curve of the admission goes on where events cannot be read, with the reason', () => {
    for (const lost of [
      "Object 'RESULTS' does not exist or not authorized.",
      "SQL compilation error: invalid identifier 'RESULT'",
      "Timestamp '3.4.' is not recognized",
    ]) {
      const ward = new Ward(cases(3), cases(2, 'O'));
      ward.lost = lost;
      ward.says = () => lost;
      expect(ward.run()).to.deep.include({ rows: 5, refused: 5 });
      for (const reason of ward.written.values())
        expect(reason).to.contain('Events of stays cannot be read: ').and.not.to.contain('3.4');
      expect(ward.sent.filter((sql) => sql === 'COMMIT')).to.have.length(1);
    }
    const broken = new Ward(cases(3));
    broken.lost = 'the warehouse is gone for lunch';
    broken.says = () => 'the warehouse is gone for lunch';
    expect(() => broken.run()).to.throw('lunch');
    expect(broken.written.size).to.equal(0);
  });

  it('that refused stays with a curve of the admission are told apart from those without any', () => {
    const counts = scripted(renewMorning(plan, 'R', { asOf: 'X', served: 0, since: null }), (step) =>
      'sql' in step && step.sql.startsWith('counts')
        ? [{ STAY: 3, ADMISSION: 4, WITHOUT: 2, REFUSED: 3 }]
        : undefined,
    );
    expect(counts).to.deep.equal({ rows: 7, stay: 3, admission: 4, without: 2, refused: 1 });
  });
});
