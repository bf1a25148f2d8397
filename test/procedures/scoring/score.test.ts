import { expect } from 'chai';
import fc from 'fast-check';
import type { StatementStep, Step } from '../../../procedures/ground/work.js';
import type { ScorePlan } from '../../../procedures/scoring/plans.js';
import {
  LEAST_ROWS,
  MOST_REFUSALS,
  PIECE_TIME,
  type Scored,
  SUSPICIOUS,
  scoreWaiting,
} from '../../../procedures/scoring/score.js';
import { scripted } from '../scripted.js';

const REFUSED = 'Error: remote service error: 400 CLIENT_ERROR_FROM_MODEL in row 1';
const BUSY = 'remote service error: 503 service unavailable';

const plan: ScorePlan = {
  dataset: 'd',
  runLog: 'RUNS',
  opening: 'opening',
  retry: 'retry',
  dismiss: 'dismiss',
  pieceRows: 100,
  mostRows: 100_000,
  count: 'count {{range}}',
  middle: 'middle {{range}} {{before}}',
  idType: '::NUMBER',
  claim: 'claim {{range}}',
  score: 'score {{given}}{{lots}}',
  late: { find: 'late', given: 'averaged', lots: ' over {{late}}' },
  done: 'done',
  release: 'release',
  quarantine: 'quarantine',
  proof: 'proof',
  sleep: 'sleep',
  waiting: 'waiting',
};

/** A queue and a model, as the statements know them. */
class Queue {
  readonly sent: string[] = [];
  readonly logged: number[] = [];
  readonly quarantined: { id: number; reason: string }[] = [];
  /** What a statement does instead. */
  readonly instead: Record<string, (step: StatementStep) => readonly object[] | number> = {};
  /** Most ids that the endpoint takes at once. */
  most = Number.POSITIVE_INFINITY;
  asked = 0;
  proof: number | null | Error = null;
  time = 0;
  /** Milliseconds that an id takes. */
  pace = 0;
  private open: { waiting: number[]; logged: number; quarantined: number; claimed: number[] } | undefined;

  constructor(
    public waiting: number[],
    readonly poison: ReadonlySet<number> = new Set(),
  ) {}

  run(more: Partial<Parameters<typeof scoreWaiting>[1]> = {}): Scored {
    const opening = {
      run: 'R',
      version: 'v1',
      quarantined: false,
      others: false,
      queued: this.waiting.length,
    };
    return scripted(
      scoreWaiting(plan, { ...opening, ...more }, () => this.time),
      (step) => this.answer(step) as never,
    );
  }

  private answer(step: Step): readonly object[] | number | undefined {
    const { sql, binds } = step as StatementStep;
    this.sent.push(sql);
    const [word = '', ...rest] = sql.split(' ');
    const instead = this.instead[sql] ?? this.instead[word];
    if (instead) return instead(step as StatementStep);
    const scalar = (value: unknown) => [{ VALUE: value }];
    const ends = rest.join(' ');
    switch (word) {
      case 'BEGIN':
        this.open = {
          waiting: [...this.waiting],
          logged: this.logged.length,
          quarantined: this.quarantined.length,
          claimed: [],
        };
        return undefined;
      case 'COMMIT':
        this.open = undefined;
        return undefined;
      case 'ROLLBACK':
        this.waiting = this.open!.waiting;
        this.logged.length = this.open!.logged;
        this.quarantined.length = this.open!.quarantined;
        this.open = undefined;
        return undefined;
      case 'count':
        return scalar(this.within(ends, binds).length);
      case 'middle': {
        const id = this.within(ends, binds)[Number(rest.at(-1))];
        return id === undefined ? [] : scalar(String(id));
      }
      case 'claim':
        expect(binds[0]).to.equal('R');
        this.open!.claimed = this.within(ends, binds.slice(1));
        return this.open!.claimed.length;
      case 'score': {
        const { claimed } = this.open!;
        this.asked++;
        this.time += claimed.length * this.pace;
        if (claimed.length > this.most) throw new Error(BUSY);
        if (claimed.some((id) => this.poison.has(id))) throw new Error(REFUSED);
        this.logged.push(...claimed);
        return claimed.length;
      }
      case 'quarantine':
        expect(binds[0]).to.equal('v1');
        for (const id of this.open!.claimed) this.quarantined.push({ id, reason: String(binds[1]) });
        return this.open!.claimed.length;
      case 'done':
        this.waiting = this.waiting.filter((id) => !this.open!.claimed.includes(id));
        return undefined;
      case 'proof':
        if (this.proof instanceof Error) throw this.proof;
        return this.proof === null ? [] : scalar(this.proof);
      case 'waiting':
        return scalar(this.waiting.length);
      case 'failed':
        return scalar(0);
      default:
        return undefined;
    }
  }

  private within(condition: string, binds: readonly unknown[]): number[] {
    const given = binds.map(Number);
    const after = condition.includes('ID > ?::NUMBER') ? given.shift()! : Number.NEGATIVE_INFINITY;
    const upTo = condition.includes('ID <= ?::NUMBER') ? given.shift()! : Number.POSITIVE_INFINITY;
    expect(given).to.deep.equal([]);
    return this.waiting.filter((id) => id > after && id <= upTo).sort((a, b) => a - b);
  }
}

const ids = (n: number, from = 1) => Array.from({ length: n }, (_, i) => i + from);
const waitingIds = fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 400 });

describe('scoring decides', () => {
  it('that every admission is logged once, and in quarantine alone what the model cannot read', () => {
    fc.assert(
      fc.property(waitingIds, fc.array(fc.nat(), { maxLength: 6 }), (waiting, picks) => {
        const poison = new Set(picks.map((pick) => waiting[pick % waiting.length]!));
        const queue = new Queue([...waiting], poison);
        queue.proof = 4;
        const { rows, quarantined, waiting: left } = queue.run();
        const good = waiting.filter((id) => !poison.has(id));
        expect([...queue.logged].sort((a, b) => a - b)).to.deep.equal(good.sort((a, b) => a - b));
        expect(queue.quarantined.map(({ id }) => id)).to.have.members([...poison]);
        expect({ rows, quarantined, left }).to.deep.equal({
          rows: good.length,
          quarantined: poison.size,
          left: 0,
        });
        expect(queue.asked).to.be.at.most(Math.ceil(waiting.length / 100) + poison.size * 2 * 8);
      }),
      { numRuns: 60 },
    );
  });

  it('to ask no model where no admission waits, and of a few to ask once and let the stream sleep with it', () => {
    const none = new Queue([]);
    expect(none.run()).to.deep.equal({ rows: 0, quarantined: 0, waiting: 0, details: {} });
    expect(none.sent).to.deep.equal(['BEGIN', 'sleep', 'waiting', 'COMMIT']);
    const few = new Queue(ids(3));
    few.run();
    expect(few.sent).to.deep.equal([
      'late',
      'BEGIN',
      'claim TRUE',
      'score a.FEATURES',
      'done',
      'sleep',
      'COMMIT',
    ]);
  });

  it('to leave the stream awake while some wait', () => {
    const queue = new Queue([]);
    queue.instead.waiting = () => [{ VALUE: 2 }];
    expect(queue.run()).to.deep.include({ waiting: 2, details: { waiting: 2 } });
    expect(queue.sent.at(-1)).to.equal('ROLLBACK');
  });

  it('to take those out of quarantine who are answered, where any is in it', () => {
    const queue = new Queue(ids(3));
    queue.run({ quarantined: true });
    expect(queue.sent.filter((sql) => sql === 'release')).to.have.length(1);
  });

  it('to try again first what another version refused', () => {
    const queue = new Queue([]);
    queue.instead.retry = ({ binds }) => {
      expect(binds).to.deep.equal(['v1']);
      queue.waiting = ids(2);
      return 2;
    };
    expect(queue.run({ others: true }).rows).to.equal(2);
    expect(queue.sent.slice(0, 2)).to.deep.equal(['retry', 'dismiss']);
  });

  it('to make pieces as large as the endpoint is quick', () => {
    const queue = new Queue(ids(9000));
    queue.pace = PIECE_TIME / 2000;
    expect(queue.run().rows).to.equal(9000);
    // 100, then 2,000 each.
    expect(queue.asked).to.equal(1 + Math.ceil(8900 / 2000));
  });

  it('to make pieces smaller where they were too much, and to give up where they are small', () => {
    const queue = new Queue(ids(20_000));
    queue.most = 6000;
    expect(queue.run().rows).to.equal(20_000);
    const small = new Queue(ids(LEAST_ROWS));
    small.most = 10;
    expect(() => small.run()).to.throw('503');
    expect(small.logged).to.deep.equal([]);
    expect(small.waiting).to.have.length(LEAST_ROWS);
  });

  it('to pass on what is no refusal, and to leave all as it was', () => {
    const queue = new Queue(ids(5));
    queue.instead.score = () => {
      throw new Error('endpoint not found');
    };
    expect(() => queue.run()).to.throw('not found');
    expect(queue.waiting).to.have.length(5);
    expect(queue.sent.at(-1)).to.equal('ROLLBACK');
    expect(queue.sent.filter((sql) => sql.startsWith('score'))).to.have.length(1);
  });

  it('that it is not the rows where the model refuses what it has answered before', () => {
    const queue = new Queue(ids(4), new Set(ids(4)));
    queue.proof = new Error(REFUSED);
    expect(() => queue.run()).to.throw('refuses also what it has answered before');
    expect(queue.quarantined).to.deep.equal([]);
  });

  it('that no admission is in quarantine before the model has answered anything', () => {
    const all = new Queue(ids(SUSPICIOUS - 1), new Set(ids(SUSPICIOUS - 1)));
    expect(() => all.run()).to.throw('refused every admission');
    const eight = new Queue(ids(SUSPICIOUS), new Set(ids(SUSPICIOUS)));
    expect(() => eight.run()).to.throw('refuses one admission after the other');
    const many = new Queue(ids(64), new Set(ids(64)));
    expect(() => many.run()).to.throw('refuses one admission after the other');
    expect(many.quarantined.concat(all.quarantined)).to.deep.equal([]);
    // Down to the first alone, and seven others.
    expect(many.asked).to.be.within(SUSPICIOUS, 2 * SUSPICIOUS + 6);
    const one = new Queue(ids(40), new Set([1]));
    expect(one.run()).to.deep.include({ rows: 39, quarantined: 1, details: { quarantined: 1 } });
    expect(one.quarantined).to.deep.equal([{ id: 1, reason: REFUSED }]);
  });

  it('to leave the rest to the next run after so many refusals', () => {
    const queue = new Queue(ids(90, 1), new Set(ids(90, 1)));
    queue.proof = 3;
    queue.waiting = ids(2000);
    for (const id of ids(2000)) (queue.poison as Set<number>).add(id);
    const { waiting } = queue.run();
    expect(queue.asked).to.equal(MOST_REFUSALS);
    expect(waiting).to.equal(queue.waiting.length).and.to.be.greaterThan(0);
  });

  it('to average over what comes late', () => {
    const queue = new Queue(ids(3));
    queue.instead.late = () => [{ VALUE: 'A,B' }];
    expect(queue.run({ queued: 5000 }).details).to.deep.equal({ late: ['A', 'B'] });
    expect(queue.sent).to.include("score averaged over 'A', 'B'");
  });
});
