import { expect } from 'chai';
import fc from 'fast-check';
import { creditsAMonth, estimateCosts } from '../../../deploy/costs/estimate.js';
import { taskCredits } from '../../../deploy/costs/task-credits.js';
import { runsPerMonth } from '../../../deploy/ground/schedule.js';
import { tasksBeside } from '../../../deploy/headers/files.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { candidates as candidatesOf } from '../../../procedures/fitting/candidates.js';
import { describeCosts } from '../../../report/operations/costs.js';

describe('costs', () => {
  const estimate = (env: Record<string, string>) => estimateCosts(loadSettings('/dev/null', env));
  const ofWarehouse = (env: Record<string, string> = {}) =>
    estimate({ LOS_TASKS_COMPUTE: 'warehouse', ...env });

  it('count the runs of a schedule', () => {
    expect(runsPerMonth('60 MINUTE')).to.be.closeTo(730, 0.001);
    expect(runsPerMonth('1 HOUR')).to.equal(runsPerMonth('60 MINUTES'));
    expect(runsPerMonth('USING CRON 0 * * * * UTC')).to.be.closeTo(730, 0.001);
    expect(runsPerMonth('USING CRON */15 6-17 * * MON-FRI America/New_York')).to.be.closeTo(
      4 * 12 * (365 / 12) * (5 / 7),
      0.001,
    );
    expect(runsPerMonth('USING CRON 0 3 1 * * UTC')).to.be.closeTo(365 / 12 / 31, 0.001);
  });

  it('agree for an interval and for the same written as cron', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30), (minutes) => {
        expect(runsPerMonth(`USING CRON */${minutes} * * * * UTC`)).to.be.closeTo(
          runsPerMonth(`${minutes} MINUTE`),
          1e-6,
        );
      }),
    );
  });

  it('show that an instance is paid day and night and a serverless endpoint is not', () => {
    const instance = estimate({ LOS_ENDPOINT_TYPE: 'instance' });
    expect(instance.monthly[1]!.usd).to.equal(83.95);
    const serverless = estimate({});
    expect(serverless.monthly[1]!.usd).to.be.lessThan(1);
    expect(serverless.typicalUsd).to.be.lessThan(instance.typicalUsd);
  });

  it('grow with the warehouse, never beyond a whole month, and are nothing for suspended tasks', () => {
    const of = (env: Record<string, string>) => ofWarehouse(env).monthly[0]!.usd!;
    expect(of({ LOS_SNOWFLAKE_WAREHOUSE_SIZE: 'MEDIUM' })).to.be.closeTo(4 * of({}), 0.05);
    expect(of({ LOS_TASKS_SCHEDULE: '1 MINUTE' })).to.equal(730 * 4);
    expect(of({ LOS_TASKS_RESUMED: 'false' })).to.equal(0);
  });

  it('count the tasks that come whether there are admissions or not, within a whole month', () => {
    const runs = tasksBeside(loadSettings('/dev/null', {})).reduce(
      (sum, { schedule }) => sum + runsPerMonth(schedule),
      0,
    );
    // At least the look every hour; the watch and the forecast of beds once a day.
    expect(runs).to.be.at.least(730 + 2 * 30);
    const { most } = creditsAMonth(loadSettings('/dev/null', { LOS_TASKS_COMPUTE: 'warehouse' }));
    // Each wakes it for a minute, and computes before that for less than another.
    expect(most).to.be.within(((2920 + runs) * 60) / 3600, ((2920 + runs) * 120) / 3600);
    const always = { LOS_TASKS_SCHEDULE: '1 MINUTE' };
    expect(ofWarehouse(always).monthly[0]!.usd).to.equal(730 * 4);
    expect(ofWarehouse({ LOS_TASKS_RESUMED: 'false' }).monthly[0]!.usd).to.equal(0);
  });

  it('are ranges with what is to be expected within', () => {
    for (const { leastUsd, typicalUsd, usd } of estimate({}).monthly) {
      expect(leastUsd).to.be.at.most(typicalUsd!);
      expect(typicalUsd).to.be.at.most(usd!);
    }
    const { leastUsd, typicalUsd, usd } = estimate({});
    expect([leastUsd < typicalUsd, typicalUsd < usd]).to.deep.equal([true, true]);
    expect(describeCosts(estimate({}))[0]).to.equal(
      `Costs a month: $${leastUsd.toFixed(2)} to $${usd.toFixed(2)}, $${typicalUsd.toFixed(2)} in the middle`,
    );
  });

  it('are by default within a tenth of any schedule by which an admission waits for 15 minutes at most', () => {
    for (const minutes of [5, 9, 10, 11, 12, 15]) {
      const other = estimate({ LOS_TASKS_SCHEDULE: `${minutes} MINUTE` });
      expect(estimate({}).typicalUsd, `${minutes} minutes`).to.be.below(1.1 * other.typicalUsd);
      // Whatever is assumed of statements and of cold endpoints.
      expect(estimate({}).leastUsd, `${minutes} minutes at least`).to.be.below(1.1 * other.leastUsd);
      expect(estimate({}).usd, `${minutes} minutes at most`).to.be.at.most(other.usd);
    }
  });

  it('count a triggered run as soon as its interval is over, where a change has come meanwhile', () => {
    const runs = (schedule: string) =>
      taskCredits(loadSettings('/dev/null', { LOS_TASKS_SCHEDULE: schedule }), undefined).graphRuns.typical;
    // Never fewer than by a clock of the same interval, which waits for its next stroke too.
    expect(runs('triggered')).to.be.within(runs('15 MINUTE'), runsPerMonth('15 MINUTE'));
    // 70 admissions a day and as many discharges and corrections: the local account counted 77 runs a day.
    expect((runs('triggered') * 12) / 365).to.be.within(0.9 * 77, 1.15 * 77);
  });

  it('name settings that cost a tenth less, and what is not in them', () => {
    const standard = estimate({});
    expect(standard.cheaper.map((said) => said.replace(/ \(.*/, ''))).to.deep.equal([
      'tasks.schedule: 30 MINUTE',
      'tasks.schedule: 60 MINUTE',
    ]);
    const dear = estimate({ LOS_ENDPOINT_TYPE: 'instance', LOS_TASKS_COMPUTE: 'warehouse' }).cheaper.join();
    expect(dear).to.match(/compute: serverless .*endpoint\.type: serverless .*instanceType: ml\.t2\.medium/);
    const hourly = estimate({ LOS_TASKS_SCHEDULE: '60 MINUTE' }).cheaper;
    expect(hourly).to.deep.equal([]);
    const text = describeCosts(standard).join('\n');
    expect(text).to.contain(standard.cheaper.join('; '));
    expect(text).to.match(/Not in it: los status by cron every hour, \$\d+ to \$\d+ a month.*--heartbeat/);
  });

  it('come to a third without a warehouse, which is awake for a minute at least', () => {
    const [serverless, warehouse] = [estimate({}), ofWarehouse()].map(
      ({ monthly: [tasks] }) => tasks!.typicalUsd!,
    );
    expect(serverless).to.be.below(warehouse! / 2.8);
  });

  // What the local account metered for these loads stands in test/journeys/credits.test.ts.
  it('expect what a load brings, at most what the schedule allows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('5 MINUTE', '15 MINUTE', '60 MINUTE', 'USING CRON 0 3 * * * UTC', 'triggered'),
        fc.constantFrom('serverless', 'warehouse'),
        fc.option(fc.double({ min: 0, max: 400, noNaN: true }), { nil: undefined }),
        (schedule, compute, seen) => {
          const settings = loadSettings('/dev/null', {
            LOS_TASKS_SCHEDULE: schedule,
            LOS_TASKS_COMPUTE: compute,
          });
          const { least, typical, most } = creditsAMonth(settings, seen);
          expect(least).to.be.at.least(0).and.at.most(typical);
          expect(typical).to.be.at.most(most);
        },
      ),
    );
  });

  it('are those of two models where a challenger predicts in shadow', () => {
    const [alone, both] = [estimate({}), estimate({ LOS_TASKS_CHALLENGER: 'health-v3' })];
    expect(both.monthly[1]!.usd).to.be.closeTo(2 * alone.monthly[1]!.usd!, 0.02);
    expect(both.monthly[1]!.assumes).to.contain('health-v3');
    expect(both.monthly[0]).to.deep.equal(alone.monthly[0]);
  });

  it('say what the schedule means: for an admission, and at most for the warehouse', () => {
    const standard = estimate({ LOS_TASKS_SCHEDULE: '15 MINUTE' });
    expect(standard.delay).to.contain('within 15 minutes');
    expect(standard.monthly[0]!.assumes).to.match(/, 2920 at most \(15 MINUTE; only when/);
    const triggered = estimate({});
    expect(triggered.delay).to.contain('about a minute').and.to.contain('15 minutes at most');
    expect(triggered.monthly[0]!.assumes).to.contain(', 2920 at most (triggered;');
    expect(estimate({ LOS_TASKS_SCHEDULE: 'USING CRON 0 6 * * * UTC' }).delay).to.contain('the next time of');
    expect(estimate({ LOS_TASKS_RESUMED: 'false' }).delay).to.contain('los score');
    expect(describeCosts(standard).join('\n')).to.contain(standard.delay);
  });

  it('have trainings by age and by alarms, dearer by the warehouse, and none where the watch begins none', () => {
    const trainings = (env: Record<string, string> = {}) =>
      estimate(env).monthly.find(({ what }) => what === 'Trainings')!;
    const { typicalUsd, usd } = trainings();
    // One in 90 days, and one in 14.
    expect(usd! / typicalUsd!).to.be.closeTo(90 / 14, 0.3);
    expect(trainings({ LOS_TASKS_COMPUTE: 'warehouse' }).usd).to.be.above(usd!);
    expect(trainings({ LOS_WATCH_RETRAIN_AFTER_DAYS: '14' }).typicalUsd).to.equal(usd);
    expect(trainings({ LOS_WATCH_RETRAIN: 'false' })).to.include({ typicalUsd: 0, usd: 0 });
    expect(trainings({ LOS_TRAINING_INSTANCE_TYPE: 'ml.x9.huge' })).to.include({
      typicalUsd: null,
      usd: null,
    });
  });

  it('are a dollar more with a key of one’s own', () => {
    const LOS_AWS_KMS_KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd';
    const [plain, keyed] = [estimate({}), estimate({ LOS_AWS_KMS_KEY })];
    // aws.amazon.com/kms/pricing on 2026-11-30: $1 a key and month, $0.03 for 10,000 requests.
    expect(keyed.typicalUsd - plain.typicalUsd).to.be.closeTo(1, 0.1);
    expect(keyed.usd - plain.usd).to.be.closeTo(1.03, 0.1);
  });

  it('price the jobs of the candidates that train, and of no others', () => {
    // Who adds a candidate adds two paid jobs to every training.
    for (const [chooseBy, candidates] of Object.entries({ crps: 6, rmse: 4, mae: 4 })) {
      const env = { LOS_TRAINING_CHOOSE_BY: chooseBy };
      const settings = loadSettings('/dev/null', env);
      const training = { ...settings.training, longStayDays: 21 };
      expect(candidatesOf({ training }, 1), chooseBy).to.have.length(candidates);
      const priced = estimate(env).monthly.find(({ what }) => what === 'Trainings')!;
      expect(priced.assumes).to.contain(` ${2 * candidates + 3} jobs of 4 minutes`);
    }
    const two = estimate({ LOS_TRAINING_CANDIDATES: 'gamma,hazard' }).monthly;
    expect(two.find(({ what }) => what === 'Trainings')!.assumes).to.contain(' 7 jobs of 4 minutes');
  });

  it('are seven dollars more with a private endpoint of Snowflake’s for the API, and some cents with the shared one', () => {
    const with_ = (LOS_AWS_PRIVATE_API: string) => {
      const [plain, more] = [estimate({}), estimate({ LOS_AWS_PRIVATE_API })];
      return [more.typicalUsd - plain.typicalUsd, more.usd - plain.usd];
    };
    // Snowflake Service Consumption Table of 2026-04-01, 4(e): $10.00 for 1,000 hours in the US, $10.24 a TB; 4(d): $10 a TB.
    const [typical, most] = with_('vpce-0123456789abcdef0');
    expect(typical).to.be.closeTo((730 * 10) / 1000, 0.73);
    expect(most! - typical!).to.be.closeTo((10 * 10.24) / 1024, 0.01);
    const [shared, mostShared] = with_('vpc-0123456789abcdef0');
    expect(shared).to.be.closeTo(0, 0.001);
    expect(mostShared).to.be.closeTo((10 * 10) / 1024, 0.01);
  });

  it('say so when a price is not known', () => {
    const { monthly } = estimate({ LOS_ENDPOINT_TYPE: 'instance', LOS_ENDPOINT_INSTANCE_TYPE: 'ml.x9.huge' });
    expect(monthly[1]).to.deep.include({
      leastUsd: null,
      typicalUsd: null,
      usd: null,
      assumes: 'no price known for ml.x9.huge',
    });
  });
});
