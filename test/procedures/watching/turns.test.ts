import { expect } from 'chai';
import { END, NEXT } from '../../../procedures/ground/refusal-text.js';
import type { Row, Step } from '../../../procedures/ground/work.js';
import { concludeRollback } from '../../../procedures/watching/conclusions.js';
import type { WatchEvent } from '../../../procedures/watching/events.js';
import type { WatchPlan } from '../../../procedures/watching/plan.js';
import type { Sign } from '../../../procedures/watching/signs.js';
import { act } from '../../../procedures/watching/turns.js';
import { place, type Scripted, scripted } from '../scripted.js';

const plan = {
  contract: { name: 'health', admission: 'CAME', discharge: 'WENT', features: {} },
  place,
  settings: { retrain: 'promote', promoteWithinShift: 0.2, retrainAfterDays: null },
  sql: { 'watching/stays': 'stays', 'watching/beside': 'beside' },
} as unknown as WatchPlan;

const version = (number: number, STATUS: string): Row => ({
  VERSION: `health-v${number}`,
  DATASET: 'health',
  NUMBER: number,
  STATUS,
  PROMOTED: `2026-03-0${number}T00:00:00.000Z`,
  CREATED: '2026-01-01T00:00:00.000Z',
});
const judgement = {
  ...{ groupedBy: 'all', level: 'all', rows: 4000, ratio: 1.3, low: 1.2, gone: 1, expectedGone: 1, pace: 0 },
  verdict: 'much worse',
} as const;
const sign: Sign = {
  kind: 'performance',
  subject: 'all patients',
  severity: 'critical',
  message: 'Predictions are 30 % worse.',
  lookAt: 'performance',
};

/** Whether several works ask at once (procedures/ground/together.ts). */
const isJoint = (sql: string) => /^SELECT 0 AS PART/.test(sql);

const isEvent = (sql: string) => /^MERGE INTO D\.S\.LOS_EVENTS/.test(sql);

/**
 * A watch that finds a version bad, three weeks after it was promoted by a watch.
 * @param beside what is found of the former one
 * @param others whether another watch has written the same events
 */
function turn(beside: Row | Error, dies = false, others = false) {
  const statements: string[] = [];
  const events: WatchEvent[] = [];
  const answer = (step: Step): Scripted => {
    if ('action' in step) throw new Error('It asks SageMaker itself.');
    const { sql } = step;
    if (isJoint(sql)) throw new Error('They ask one by one.');
    statements.push(sql.split('\n')[0]!);
    if (/^SELECT VERSION, DATASET/.test(sql)) return [version(2, 'CHAMPION'), version(1, 'RETIRED')];
    if (/^SELECT METRICS, MODEL/.test(sql)) return [{ METRICS: {}, MODEL: {}, PARAMETERS: {}, LINEAGE: {} }];
    if (/AS REASON,/.test(sql))
      return [{ DAY: '2026-03-10', KIND: 'promoted', SUBJECT: 'health-v2', REASON: null }];
    if (/SHADOW_MODEL/.test(sql)) {
      if (beside instanceof Error) throw beside;
      return [{ SHADOW_MODEL: { scored: 900 } }];
    }
    if (/^beside/.test(sql)) return [beside as Row];
    if (/ROLL_BACK_MODEL/.test(sql) && dies) throw new Error('killed');
    if (/ROLL_BACK_MODEL/.test(sql)) return [{ ROLL_BACK_MODEL: { version: 'health-v1' } }];
    if (/TRAIN_MODEL/.test(sql)) return [{ TRAIN_MODEL: { run: 'a run' } }];
    if (isEvent(sql)) return others ? 0 : 1;
    return undefined;
  };
  const followed = { to: '2026-03-29', weeks: 4, day: '2026-03-31' };
  const seen = { signs: [sign], judgements: [judgement], shift: 0, aDay: 120 };
  const decision = scripted(act(plan, 'health-v2', followed, seen, events), answer);
  return { decision, events, statements };
}

/** 900 stays, of which the champion is 2 days off so far. @param gain by how many days the former one is nearer */
const compared = (GAIN: number, NOISE: number): Row => ({ N: 900, PATIENTS: 850, OWN: 2, GAIN, NOISE });

describe('a version on probation that turns out bad', () => {
  it('is taken back where the one before would have been significantly better', () => {
    const { decision, events, statements } = turn(compared(1.2, 0.1));
    expect(decision.what).to.equal('roll back');
    expect(events.map(({ kind }) => kind)).to.deep.equal(['rolled back']);
    expect(events[0]!.message).to.contain(
      'health-v1, the previous champion, would have had a 60 % lower error (at least 47 % with 99 % confidence, 900 admissions).',
    );
    expect(statements.join()).not.to.contain('TRAIN_MODEL');
    // That it is about to be is written down before, and nothing is open then.
    const at = statements.findIndex((sql) => sql.includes('ROLL_BACK_MODEL'));
    expect(statements[at - 1]).to.satisfy(isEvent);
    expect(statements).not.to.include('BEGIN');
  });

  it('is left to another watch that has begun to take it back, or to train', () => {
    const back = turn(compared(1.2, 0.1), false, true);
    expect(back.decision.what).to.equal('nothing');
    expect(back.decision.why).to.match(/began to roll health-v2 back.*CALL ROLL_BACK_MODEL\(\)/);
    expect(back.events).to.deep.equal([]);
    expect(back.statements.join()).not.to.contain('ROLL_BACK_MODEL');
    expect(turn(compared(0.2, 0.1), false, true).events).to.deep.equal([]);
  });

  for (const [where, champion, before, told] of [
    ['once it is done', 'RETIRED', 'CHAMPION', ['rolled back']],
    ['not before', 'CHAMPION', 'RETIRED', []],
  ] as const)
    it(`is told of by the next watch where the one that took it back was killed: ${where}`, () => {
      expect(() => turn(compared(1.2, 0.1), true)).to.throw('killed');
      const events = scripted(concludeRollback(plan, '2026-04-01'), (step) => {
        const { sql } = step as { sql: string };
        if (/KIND = 'rolling back'/.test(sql)) return [{ SUBJECT: 'health-v2', WHY: 'It is worse.' }];
        if (/^SELECT VERSION, DATASET/.test(sql)) return [version(2, champion), version(1, before)];
        return isEvent(sql) ? 1 : undefined;
      });
      expect(events.map(({ kind }) => kind)).to.deep.equal(told);
      if (told.length > 0)
        expect(events[0]!.message).to.equal('It is worse. predict_los answers from health-v1 again.');
    });

  for (const [where, beside, why] of [
    [
      'may not',
      compared(0.2, 0.1),
      'would not have been significantly better (error 10 % lower, 900 admissions)',
    ],
    [
      'would not',
      compared(-0.4, 0.1),
      'would not have been significantly better (error 20 % higher, 900 admissions)',
    ],
    ['can be compared on too few', { ...compared(1.2, 0.1), N: 199 }, 'could be asked about too few'],
    [
      'cannot be asked',
      new Error(
        `Execution error in stored procedure SHADOW_MODEL:\nThe endpoint of health-v1 is gone.${NEXT}Name another.${END}\nAt Snowflake.execute`,
      ),
      'could not be asked: The endpoint of health-v1 is gone.',
    ],
  ] as const)
    it(`stays and is retrained where the one before ${where}, and the reason says so`, () => {
      const { decision, events, statements } = turn(beside);
      expect(decision).to.include({ what: 'retrain', reason: 'performance', recentDays: 42 });
      expect(decision.why).to.contain(sign.message).and.to.contain(why);
      expect(events.map(({ kind }) => kind)).to.deep.equal(['retraining']);
      expect(events[0]!.message).to.contain(why);
      expect(statements.join()).not.to.contain('ROLL_BACK_MODEL');
      // The training and the word of it are in one transaction.
      const [begin, train, told, commit] = statements.slice(-4);
      expect([begin, commit]).to.deep.equal(['BEGIN', 'COMMIT']);
      expect(train).to.contain('CALL D.S.TRAIN_MODEL');
      expect(told).to.satisfy(isEvent);
    });
});

describe('a training whose version the gates have refused', () => {
  it('is known with its reason, so that the next for a lasting shift of inputs waits longer', () => {
    const inputs: Sign = { ...sign, kind: 'inputs', subject: 'AGE', severity: 'warning' };
    const story = [
      { DAY: '2026-03-10', KIND: 'retraining', SUBJECT: 'health', RUN: 'r', REASON: 'inputs' },
      {
        DAY: '2026-03-10',
        KIND: 'not promoted',
        SUBJECT: 'health-v3',
        MESSAGE: 'It is no better.',
        RUN: 'r',
      },
    ];
    const decided = (rows: readonly Row[], day: string, LAST = day) =>
      scripted(
        act(
          plan,
          'health-v2',
          { to: day, weeks: 4, day },
          { signs: [inputs], judgements: [], shift: 0, aDay: 120 },
          [],
        ),
        (step) => {
          const { sql } = step as { sql: string };
          if (isJoint(sql)) throw new Error('They ask one by one.');
          if (/^SELECT VERSION, DATASET/.test(sql)) return [version(2, 'CHAMPION')];
          if (/^SELECT METRICS, MODEL/.test(sql))
            return [{ METRICS: {}, MODEL: {}, PARAMETERS: {}, LINEAGE: {} }];
          if (/AS REASON,/.test(sql)) return rows;
          if (/ AS LAST$/m.test(sql.split('FROM')[0]!.trim())) return [{ LAST }];
          if (/TRAIN_MODEL/.test(sql)) return [{ TRAIN_MODEL: { run: 'a run' } }];
          return undefined;
        },
      );
    expect(decided(story, '2026-03-31').why).to.match(
      /refused once\. It is no better\. Another waits 28 days, .* in 7 days\.$/,
    );
    expect(decided(story, '2026-04-07').what).to.equal('retrain');
    expect(decided(story.slice(0, 1), '2026-03-31').what, 'it failed').to.equal('retrain');
    expect(decided(story, '2026-04-07', '2026-03-10').why).to.contain(
      'there was no admission since 2026-03-10',
    );
  });
});
