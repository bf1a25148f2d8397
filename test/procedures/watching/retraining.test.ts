import { expect } from 'chai';
import type { Judgement } from '../../../procedures/watching/measures/performance.js';
import type { WatchSettings } from '../../../procedures/watching/plan.js';
import { decide, type Reason, type Situation } from '../../../procedures/watching/retraining.js';
import type { Sign } from '../../../procedures/watching/signs.js';

const settings: WatchSettings = {
  retrain: 'promote',
  promoteWithinShift: 0.2,
  retrainAfterDays: 90,
  keepDays: 730,
  keepInputsDays: null,
  budget: null,
};
const quiet: Situation = {
  day: '2026-06-30',
  signs: [],
  judgements: [],
  shift: 0,
  aDay: 120,
  proposed: null,
  training: false,
  turns: [],
  promotedOn: null,
  trainedTo: '2026-06-01',
  lastAdmission: '2026-06-30',
  hasFormer: true,
  byDates: true,
};
const sign = (kind: Sign['kind'], subject = 'AGE'): Sign => ({
  kind,
  subject,
  severity: 'warning',
  message: `${subject} has changed.`,
  lookAt: 'inputs',
});
const judged = (verdict: Judgement['verdict'], groupedBy = 'all'): Judgement => ({
  groupedBy,
  level: 'all',
  rows: 4000,
  ratio: 1.2,
  low: 1.16,
  gone: 100,
  expectedGone: 100,
  pace: 0,
  verdict,
});
const worse = { signs: [sign('performance', 'all patients')], judgements: [judged('worse')] };

describe('when a watch has a version trained', () => {
  const what = (now: Partial<Situation>, own = settings) => decide(own, { ...quiet, ...now });

  it('is when predictions or inputs have changed, and says why', () => {
    expect(what({}).what).to.equal('nothing');
    expect(what(worse)).to.deep.include({
      what: 'retrain',
      why: 'all patients has changed.',
      reason: 'performance',
    });
    expect(what({ signs: [sign('inputs')] }).why).to.match(/Inputs have shifted: AGE/);
  });

  it('asks a person by default, and where inputs moved beyond the bound', () => {
    const ask = (now: Partial<Situation>, own: Partial<WatchSettings> = {}) =>
      (what({ ...worse, ...now }, { ...settings, ...own }) as { ask?: string | null }).ask;
    expect(ask({})).to.equal(null);
    expect(ask({}, { retrain: 'propose' })).to.equal('watch.retrain is propose');
    expect(ask({ shift: 0.2 })).to.equal(null);
    expect(ask({ shift: 0.21 })).to.contain('shifted by 0.21, beyond watch.promoteWithinShift (0.2)');
  });

  it('is not while a proposal waits, for four weeks', () => {
    const proposed = { version: 'health-v3', day: '2026-06-10' };
    expect(what({ ...worse, proposed }).why).to.contain("CALL PROMOTE_MODEL('health-v3')");
    expect(what({ ...worse, proposed: { ...proposed, day: '2026-06-01' } }).what).to.equal('retrain');
  });

  it('is not for what is wrong with the pipeline: no model mends that', () => {
    for (const kind of ['volume', 'discharges', 'scoring'] as const)
      expect(what({ signs: [sign(kind)] }).what).to.equal('nothing');
  });

  it('is by age, where the settings say so', () => {
    expect(what({ trainedTo: '2026-04-01' }).what).to.equal('retrain');
    expect(what({ trainedTo: '2026-04-02' }).what).to.equal('nothing');
    expect(what({ trainedTo: '2020-01-01' }, { ...settings, retrainAfterDays: null as never }).what).to.equal(
      'nothing',
    );
    expect(what({ trainedTo: null }).what).to.equal('nothing');
  });

  it('is not while one is open, nor where it is off', () => {
    expect(what({ ...worse, training: true }).what).to.equal('nothing');
    expect(what(worse, { ...settings, retrain: false }).what).to.equal('nothing');
  });

  it('is not soon after the last, and ever later when it comes to nothing again and again', () => {
    const tried = (...days: string[]) =>
      days.map((day) => ({ day, reason: 'performance' as const, refusal: null }));
    expect(what({ ...worse, turns: tried('2026-06-20') }).why).to.contain('in 4 days');
    expect(what({ ...worse, turns: tried('2026-06-16') }).what).to.equal('retrain');
    expect(what({ ...worse, turns: tried('2026-05-18', '2026-06-01', '2026-06-16') }).what).to.equal(
      'retrain',
    );
    const four = tried('2026-05-04', '2026-05-18', '2026-06-01', '2026-06-16');
    expect(what({ ...worse, turns: four }).why).to.contain('in 14 days');
    const inputs = [{ day: '2026-06-20', reason: 'inputs' as const, refusal: null }];
    expect(what({ ...worse, turns: inputs }).what, 'another reason').to.equal('retrain');
    expect(what({ ...worse, turns: [{ ...inputs[0]!, day: '2026-06-26' }] }).why).to.contain('in 3 days');
    const many = tried(...Array.from({ length: 12 }, () => '2026-03-09'));
    expect(what({ ...worse, turns: many, day: '2026-06-28' }).what, 'within 112 days').to.equal('nothing');
    expect(what({ ...worse, turns: many, day: '2026-06-29' }).what).to.equal('retrain');
  });

  it('waits longer each time for inputs and age once the gates have refused what it came to, and says so', () => {
    const refusal = 'health-v2 is not better on the latest admissions. The champion stays.';
    const refused = (reason: Reason, ...days: string[]) => days.map((day) => ({ day, reason, refusal }));
    const shifted = { signs: [sign('inputs')] };
    // Once: 28 days.
    const once = what({ ...shifted, turns: refused('inputs', '2026-06-10') });
    expect(once.what).to.equal('nothing');
    expect(once.why).to.equal(
      `Inputs have shifted: AGE. AGE has changed. But what was trained for it was refused once. ${refusal} Another waits 28 days, for more informative rows: the next training is in 8 days.`,
    );
    expect(what({ ...shifted, turns: refused('inputs', '2026-06-02') }).what).to.equal('retrain');
    // Twice: 56; again and again: 112.
    const twice = refused('inputs', '2026-04-20', '2026-05-20');
    expect(what({ ...shifted, turns: twice }).why)
      .to.contain('refused 2 times')
      .and.to.contain('in 15 days');
    const many = refused('inputs', '2025-12-01', '2026-01-01', '2026-02-01', '2026-03-11');
    expect(what({ ...shifted, turns: many }).why)
      .to.contain('waits 112 days')
      .and.to.contain('in 1 day.');
    const old = { trainedTo: '2026-01-01' };
    expect(what({ ...old, turns: refused('age', '2026-06-10') }).why).to.contain('in 8 days');
    // A failed training says nothing about the rows; what predictions lack, some weeks more of stays may teach.
    expect(
      what({ ...shifted, turns: [{ day: '2026-06-10', reason: 'inputs', refusal: null }] }).what,
    ).to.equal('retrain');
    expect(what({ ...worse, turns: refused('performance', '2026-06-10') }).what).to.equal('retrain');
    expect(what({ ...worse, turns: refused('inputs', '2026-06-10') }).what, 'another reason').to.equal(
      'retrain',
    );
  });

  it('is not on the same rows once more, where the feed has stopped', () => {
    const old = { trainedTo: '2026-01-01' };
    expect(what({ ...old, lastAdmission: '2026-04-01' }).what, '90 days of new ones').to.equal('retrain');
    const stopped = what({ ...old, lastAdmission: '2026-03-31' });
    expect(stopped.what).to.equal('nothing');
    expect(stopped.why).to.match(
      /there was no admission since 2026-03-31: all but the last 89 days would be the same/,
    );
    const quietDays = { ...old, day: '2026-04-01' };
    expect(what({ ...quietDays, lastAdmission: '2026-03-25' }).what, 'a week without anybody').to.equal(
      'retrain',
    );
    expect(what({ ...quietDays, lastAdmission: '2026-03-24' }).what).to.equal('nothing');
    expect(what({ ...old, lastAdmission: '2025-12-31' }).why).to.contain('all but the last 0 days');
    // For whatever reason, after one that has seen all there is.
    const turns = [{ day: '2026-06-01', reason: 'performance' as const, refusal: null }];
    expect(what({ ...worse, turns, lastAdmission: '2026-06-01' }).why).to.contain(
      'there was no admission since 2026-06-01, before the last training began',
    );
    expect(what({ ...worse, turns, lastAdmission: '2026-06-02' }).what).to.equal('retrain');
    expect(what({ ...old, lastAdmission: null }).what, 'not known').to.equal('retrain');
  });

  it('is not for two weeks after a promotion', () => {
    const inputs = { signs: [sign('inputs')] };
    expect(what({ ...inputs, promotedOn: '2026-06-20' }).why).to.contain('in 4 days');
    expect(what({ ...inputs, promotedOn: '2026-06-16' }).what).to.equal('retrain');
  });

  it('learns of the last weeks alone where effects have changed, of all where other patients come', () => {
    expect(what(worse)).to.include({ recentDays: 42 });
    expect(what({ ...worse, aDay: 25 }), 'the days in which 3,000 come').to.include({ recentDays: 120 });
    expect(what({ ...worse, byDates: false }), 'nothing says what the last are').to.include({
      recentDays: null,
    });
    expect(what({ signs: [sign('inputs')] })).to.include({ recentDays: null, reason: 'inputs' });
    expect(what({ trainedTo: '2026-01-01' })).to.include({ recentDays: null, reason: 'age' });
  });

  it('is not on probation: there it is taken back, if another was champion before', () => {
    const back = what({ ...worse, promotedOn: '2026-06-10' });
    expect(back.what).to.equal('roll back');
    expect(back.why).to.match(/20 % worse than their own curves promise/);
    expect(what({ ...worse, promotedOn: '2026-06-10', hasFormer: false }).what).to.equal('retrain');
    expect(what({ ...worse, promotedOn: '2026-06-01' }).what, 'after probation').to.equal('retrain');
    const ofGroup = { ...worse, judgements: [judged('worse', 'WARD')], promotedOn: '2026-06-10' };
    expect(what(ofGroup).what, 'a group alone').to.equal('retrain');
  });
});
