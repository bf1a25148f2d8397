import { expect } from 'chai';
import type { Plan } from '../../../procedures/ground/plan.js';
import { Refused, type Row, type Step } from '../../../procedures/ground/work.js';
import { promote, promoteWithOptions, rollBack } from '../../../procedures/promoting/promote.js';
import type { Status } from '../../../procedures/versions/registry.js';
import { place, type Scripted, scripted } from '../scripted.js';

const plan = {
  contract: { name: 'health', table: 'HEALTH', id: 'CASE_ID', features: { AGE: { type: 'numeric' } } },
  settings: {
    ...place,
    prefix: 'los',
    training: { chooseBy: 'rmse', keepVersions: 2 },
    endpoint: { type: 'serverless', maxConcurrency: 5 },
    tasks: { challenger: null },
  },
  aws: { executionRole: 'arn:role', image: 'image', bucket: 's3://bucket' },
} as unknown as Plan;

/** A version's row; `promoted` is the day of March on which it became champion last. */
const entry = (number: number, status: Status, promoted?: number): Row => ({
  VERSION: `health-v${number}`,
  DATASET: 'health',
  NUMBER: number,
  STATUS: status,
  ENDPOINT: `los-health-v${number}`,
  REQUEST_TRANSLATOR: `LOS_REQUEST_HEALTH_V${number}`,
  PROMOTED: promoted === undefined ? null : `2026-03-${String(promoted).padStart(2, '0')}T00:00:00.000Z`,
  CREATED: '2026-01-01T00:00:00.000Z',
});

/** Measured as soundly as a first version has to be; by `rmse` against a mean's 6. */
const measured = (rmse: number) => ({
  ...{ rmse, mae: 3, meanRmse: 6, medianMae: 3.5, coverage: 0.8, coverage95: 0.95, calibrationRows: 10_000 },
  confidence: { rmse: [rmse - 0.2, rmse + 0.2], coverage: [0.79, 0.81], coverage95: [0.945, 0.955] },
});

/** An account in which predict_los asks whatever it was switched to last. */
class Account {
  /** What was done, in words. */
  readonly log: string[] = [];
  answering = 'nothing';
  metrics = measured(5);
  lineage: object = {};
  /** Throws what asking predict_los throws. */
  beforeAnswer: () => void = () => {};
  /** An action of which SageMaker takes no more at the moment. */
  throttled = '';
  failure = '';
  refuses: (action: string) => Scripted = () => undefined;
  /** Of every endpoint, or of one; undefined: it is gone. */
  status: string | ((endpoint: string) => string | undefined) = 'InService';
  /** Whether functions that do not run can be made anew. */
  renews = false;
  /** What a version answers by its own function. */
  ask: (number: number) => Scripted = (number) => [{ VERSION: `health-v${number}`, DAYS: 4.5 }];
  /** What the newest admissions show of two versions. */
  newest: (sql: string) => Scripted = () => [];
  /** Sums of holdout rows that two versions were asked about; none: they have none in common. */
  blocks: Row[] = [];

  constructor(readonly versions: Row[]) {}

  readonly answer = (step: Step): Scripted => {
    if ('action' in step) return this.control(step.action, step.request as Record<string, string>);
    const { sql, binds } = step;
    const switched = /^ALTER FUNCTION D\.S\.(\w+)\(.*TRANSLATOR = D\.S\.LOS_(\w+)_HEALTH_(V\d+)/.exec(sql);
    if (switched) {
      const [, name, , version] = switched;
      this.log.push(`${name} → ${version}`);
      if (name === 'LOS_INVOKE_ENDPOINT_DETAIL') this.answering = `health-${version!.toLowerCase()}`;
    } else if (/^CALL SYSTEM\$WAIT/.test(sql)) this.log.push('wait');
    else if (/^CALL D\.S\.CHECK_MODEL/.test(sql)) {
      this.log.push(`check ${binds[0]}`);
      if (this.renews) this.beforeAnswer = () => {};
      return [{ CHECK_MODEL: { renewed: this.renews } }];
    } else if (/SELECT FEATURES FROM/.test(sql)) return [{ FEATURES: {} }];
    else if (/PREDICT_LOS_HEALTH_V\d+\(FEATURES\) AS D/.test(sql)) {
      const [, number] = /PREDICT_LOS_HEALTH_V(\d+)/.exec(sql)!;
      this.log.push(`ask v${number}`);
      return this.ask(Number(number));
    } else if (/^COMPARE/.test(sql)) {
      return this.newest(sql);
    } else if (/AS BLOCK/.test(sql)) return this.blocks;
    else if (/PERCENTILE_CONT/.test(sql)) return [{ MOST: 7, DAY: '2026-03-01' }];
    else if (/SET STATUS = CASE/.test(sql)) this.log.push(`crown ${binds[0]}`);
    else if (/^SELECT VERSION, DATASET/.test(sql)) return this.versions;
    else if (/^SELECT METRICS, MODEL/.test(sql))
      return [
        {
          METRICS: this.metrics,
          MODEL: JSON.stringify({ features: [{ name: 'AGE' }] }),
          PARAMETERS: {},
          LINEAGE: this.lineage,
        },
      ];
    else if (/AS DAYS/.test(sql)) {
      this.beforeAnswer();
      return [{ DAYS: 4.5, VERSION: this.answering }];
    }
    return undefined;
  };

  private control(action: string, request: Record<string, string>): Scripted {
    if (action === this.throttled)
      return { ok: false, error: 'ThrottlingException', message: 'Rate exceeded' };
    if (action === 'DescribeEndpoint') {
      const { status } = this;
      const found = typeof status === 'string' ? status : status(String(request.EndpointName));
      if (found === undefined)
        return { ok: false, error: 'ValidationException', message: 'Could not find endpoint' };
      return { ok: true, answer: { EndpointStatus: found, FailureReason: this.failure } };
    }
    const refused = this.refuses(action);
    if (refused) return refused;
    if (action === 'ListModelPackages')
      return {
        ok: true,
        answer: {
          ModelPackageSummaryList: [
            { ModelPackageArn: 'arn', ModelPackageDescription: 'health-v2', ModelApprovalStatus: 'Pending' },
          ],
        },
      };
    this.log.push(action);
    return undefined;
  }

  promote(name: string | null, options = {}) {
    return scripted(promote(plan, name, options), this.answer);
  }

  refused(work: () => unknown): Refused {
    try {
      work();
    } catch (error) {
      expect(error).to.be.instanceOf(Refused);
      return error as Refused;
    }
    throw new Error('nothing was refused');
  }
}

const to = (version: string) =>
  ['LOS_INVOKE_ENDPOINT', 'LOS_INVOKE_ENDPOINT_DETAIL', 'LOS_INVOKE_ENDPOINT_REASONS'].map(
    (name) => `${name} → ${version}`,
  );
const forbidden = 'Request failed for external function: remote service error: 403 {"message":"Forbidden"}';

describe('a promotion', () => {
  it('switches the three functions, proves the version, crowns and approves it', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    const result = account.promote(null);
    expect(result).to.deep.include({ version: 'health-v2', previous: null, removed: [] });
    expect(result.gates.every(({ passed }) => passed)).to.equal(true);
    expect(account.log).to.deep.equal([...to('V2'), 'crown health-v2', 'UpdateModelPackage']);
  });

  it('changes nothing where a gate says no, unless it is forced, and says which', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    account.metrics = measured(6.1);
    const { message, next, by } = account.refused(() => account.promote('health-v2'));
    expect(message).to.match(
      /^health-v2 is not promoted: the gate “better than predicting the mean” says no/,
    );
    expect([next, by]).to.deep.equal([
      'To promote it anyway: los model promote health-v2 --force --reason "why", which is kept with the version.',
      'gates',
    ]);
    expect(account.log).to.deep.equal([]);
    const { gates } = account.promote('health-v2', { force: true });
    expect(gates.filter(({ passed }) => !passed).map(({ name }) => name)).to.deep.equal([
      'better than predicting the mean',
    ]);
    expect(account.log).to.include('crown health-v2');
  });

  it('goes over the stated tolerance of groups only with a reason, which it keeps', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    const stated = { ...plan.settings.training, equity: { bias: 0.5, coverage: null } };
    const strict = { ...plan, settings: { ...plan.settings, training: stated } };
    const asked = (options: object | null) =>
      scripted(promoteWithOptions(strict, null, options), account.answer);
    for (const options of [null, { force: true }])
      expect(account.refused(() => asked(options)).message).to.contain(
        'the gate “groups within the stated tolerance” says no',
      );
    expect(account.refused(() => asked({ reason: 'Ward B is rebuilt' })).message).to.match(
      /^--reason goes with --force/,
    );
    expect(account.log).to.deep.equal([]);
    const { reason } = asked({ force: true, reason: 'Ward B is rebuilt' });
    expect(reason).to.equal('Ward B is rebuilt');
    expect(account.log).to.include('crown health-v2');
    expect(
      new Account([entry(2, 'TRAINED')]).promote('health-v2', { force: true, reason: 'none' }).reason,
    ).to.equal(undefined);
  });

  it('takes no other word for force than that', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    account.metrics = measured(6.1);
    const asked = (options: object | null) =>
      scripted(promoteWithOptions(plan, null, options), account.answer);
    for (const options of [{ forced: true }, { force: 'false' }, { force: 1 }])
      expect(account.refused(() => asked(options)).by).to.equal(undefined);
    for (const options of [null, {}, { force: false }])
      expect(account.refused(() => asked(options)).by).to.equal('gates');
    expect(account.log).to.deep.equal([]);
    expect(asked({ force: true }).version).to.equal('health-v2');
  });

  it('is about the versions of its dataset only, and says so', () => {
    const account = new Account([{ ...entry(2, 'TRAINED'), VERSION: 'heart-v2', DATASET: 'heart' }]);
    expect(account.refused(() => account.promote('heart-v2')).message).to.contain(
      'dataset health, not heart',
    );
  });

  it('stands, although what retention gives up cannot be removed yet', () => {
    const account = new Account([4, 3, 2, 1].map((number) => entry(number, 'TRAINED')));
    account.throttled = 'DeleteEndpoint';
    expect(account.promote('health-v4')).to.deep.include({ version: 'health-v4', removed: [] });
  });

  it('does not judge again what was champion before', () => {
    const account = new Account([entry(3, 'CHAMPION', 9), entry(2, 'RETIRED', 5)]);
    account.metrics = measured(6.1);
    expect(account.promote('health-v2')).to.deep.include({ gates: [], previous: 'health-v3' });
  });

  it('is taken back where the version does not answer as it should', () => {
    const account = new Account([entry(3, 'RETIRED', 7), entry(2, 'CHAMPION', 9)]);
    account.beforeAnswer = () => {
      account.answering = 'health-v2';
    };
    const { message } = account.refused(() => account.promote('health-v3'));
    expect(message).to.equal(
      'health-v3 does not answer correctly: health-v2 answered instead. predict_los is back on health-v2.',
    );
    expect(account.log).to.deep.equal([...to('V3'), 'check health-v3', ...to('V2')]);
  });

  it('repeats nothing of a patient whom a failed proof names', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    account.beforeAnswer = () => {
      throw new Error("Numeric value 'Müller, ward 3' is not recognized");
    };
    const { message } = account.refused(() => account.promote(null));
    expect(message).not.to.contain('Müller');
    expect(message).to.contain('No version was promoted before it.');
  });

  it('waits while AWS does not know yet of a permission, for half a minute at most', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    let refusals = 3;
    account.beforeAnswer = () => {
      // Inside Snowflake what a statement throws need not be an Error of the procedure's own.
      if (refusals-- > 0) throw Object.assign(Object.create(null), { message: forbidden });
    };
    expect(account.promote(null).version).to.equal('health-v2');
    expect(account.log.filter((line) => line === 'wait').length).to.equal(3);

    const lasting = new Account([entry(2, 'TRAINED')]);
    lasting.beforeAnswer = () => {
      throw Object.assign(Object.create(null), { message: forbidden });
    };
    expect(lasting.refused(() => lasting.promote(null)).message).to.contain('403');
    expect(lasting.log.filter((line) => line === 'wait').length).to.equal(15);
    expect(lasting.log).not.to.include('crown health-v2');
  });

  it('does not wait for another failure', () => {
    const account = new Account([entry(2, 'TRAINED')]);
    account.beforeAnswer = () => {
      throw new Error('Request failed for external function: remote service error: 500');
    };
    account.refused(() => account.promote(null));
    expect(account.log).not.to.include('wait');
  });

  it('wants a version that was finished and whose endpoint answers', () => {
    const account = new Account([
      { ...entry(3, 'FAILED'), ENDPOINT: null, REQUEST_TRANSLATOR: null },
      entry(2, 'TRAINED'),
      { ...entry(1, 'REMOVED'), ENDPOINT: null },
    ]);
    expect(account.refused(() => account.promote('health-v3')).message).to.contain('never finished (FAILED)');
    expect(account.refused(() => account.promote('health-v1')).message).to.contain(
      'health-v1 has been removed: its endpoint is gone',
    );
    expect(account.refused(() => account.promote('health-v9')).message).to.contain(
      'known are health-v3, health-v2',
    );
    account.status = 'Creating';
    expect(account.refused(() => account.promote(null)).message).to.contain(
      'los-health-v2 of health-v2 is Creating',
    );
    expect(account.log).to.deep.equal([]);
  });
});

describe('a promotion over a champion', () => {
  const pair = () => new Account([entry(2, 'TRAINED'), entry(1, 'CHAMPION', 5)]);
  const findings = (account: Account) =>
    account.promote('health-v2').gates.map(({ name, finding }) => `${name}: ${finding}`);
  const forbiddenCall = 'Request failed for external function P with remote service error: ';

  it('compares with one that answers', () => {
    const { message } = pair().refused(() => pair().promote('health-v2'));
    expect(message).to.contain('health-v2 and health-v1 have only 0 holdout rows in common');
  });

  for (const [what, breaks, why] of [
    [
      'whose endpoint is gone',
      (account) => {
        account.status = (name) => (name === 'los-health-v1' ? undefined : 'InService');
      },
      'its endpoint los-health-v1 is gone',
    ],
    [
      'whose endpoint failed',
      (account) => {
        account.status = (name) => (name === 'los-health-v1' ? 'Failed' : 'InService');
        account.failure = 'no model.tar.gz';
      },
      'its endpoint los-health-v1 failed: no model.tar.gz',
    ],
    [
      'whose functions are refused',
      (account) => {
        account.ask = () => {
          throw new Error('SyntaxError: Unexpected token ? in LOS_REQUEST_HEALTH_V1');
        };
      },
      'SyntaxError: Unexpected token ? in LOS_REQUEST_HEALTH_V1',
    ],
    [
      'which is registered under the name of another',
      (account) => {
        account.ask = () => [{ VERSION: 'health-v7', DAYS: 4 }];
      },
      'health-v7 answers in its place',
    ],
    [
      'which answers no number',
      (account) => {
        account.ask = () => [{ VERSION: 'health-v1', DAYS: null }];
      },
      'its answer is no number of days',
    ],
    [
      'whose model refuses a row',
      (account) => {
        account.ask = () => {
          throw new Error(`${forbiddenCall}400 'CLIENT_ERROR'`);
        };
      },
      `${forbiddenCall}400 'CLIENT_ERROR'`,
    ],
  ] as [string, (account: Account) => void, string][])
    it(`goes on without one ${what}, and says so`, () => {
      const account = pair();
      breaks(account);
      expect(findings(account)[0]).to.equal(
        `a champion to be compared with: health-v1 does not answer (${why}), so health-v2 was judged on its own`,
      );
      expect(account.log).to.include('crown health-v2').and.not.to.include('wait');
    });

  it('holds the version to the other gates all the same', () => {
    const account = pair();
    account.status = (name) => (name === 'los-health-v1' ? undefined : 'InService');
    account.metrics = measured(6.1);
    expect(account.refused(() => account.promote('health-v2')).message).to.contain(
      'better than predicting the mean',
    );
  });

  it('asks one that may be ill for a moment some times, and does not skip what the holdout says of it', () => {
    for (const status of ['429', '503', '403']) {
      const account = pair();
      let refusals = 2;
      account.ask = (number) => {
        if (refusals-- > 0) throw new Error(`${forbiddenCall}${status}`);
        return [{ VERSION: `health-v${number}`, DAYS: 4 }];
      };
      expect(account.refused(() => account.promote('health-v2')).message).to.contain('in common');
      expect(account.log.filter((line) => line === 'wait').length).to.equal(2);

      const lasting = pair();
      lasting.ask = () => {
        throw new Error(`${forbiddenCall}${status}`);
      };
      expect(lasting.refused(() => lasting.promote('health-v2')).message).to.contain('in common');
      expect(lasting.log.filter((line) => line === 'wait').length).to.equal(3);
      // Nor did it answer when the version was measured, some twenty minutes long.
      lasting.lineage = { silent: { version: 'health-v1', why: '503' } };
      expect(findings(lasting)[0]).to.contain('so health-v2 was judged on its own');
    }
  });
});

describe('the endpoint of a version to be promoted', () => {
  const champion = () => new Account([entry(2, 'CHAMPION', 5)]);
  const refusal = (account: Account) => account.refused(() => account.promote('health-v2'));

  it('is recreated where it is gone, and where it failed for another reason than its file', () => {
    const account = champion();
    account.status = () => undefined;
    expect(refusal(account).message).to.match(/was gone\. It is being recreated/);
    // What is left of it may be of another kind of endpoint: a serverless one takes no isolated model.
    const left = ['DeleteEndpoint', 'DeleteEndpointConfig', 'DeleteModel'];
    expect(account.log).to.deep.equal([...left, 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint']);
    const failed = champion();
    failed.status = 'Failed';
    failed.failure = 'Unable to provision requested ML compute capacity.';
    expect(refusal(failed).message).to.contain('compute capacity. It is being removed, to be recreated');
    expect(failed.log).to.deep.equal(left);
  });

  it('cannot be recreated without its file, and another way out is named', () => {
    const account = champion();
    account.status = () => undefined;
    account.refuses = (action) =>
      action === 'CreateModel'
        ? {
            ok: false,
            error: 'ValidationException',
            message: 'Could not find model data at s3://b/m.tar.gz.',
          }
        : undefined;
    const failed = champion();
    failed.status = 'Failed';
    failed.failure = 'Failed to download model data for container "container_1" from URL "s3://b/m.tar.gz".';
    for (const { message, next } of [refusal(account), refusal(failed)]) {
      expect(message).to.contain('s3://b/m.tar.gz');
      expect(next).to.contain('los train --promote').and.to.contain('los model list');
    }
    expect(failed.log).to.deep.equal([]);
  });

  it('answers through functions that are made anew, where its own do not run', () => {
    const account = champion();
    account.renews = true;
    account.beforeAnswer = () => {
      throw new Error('SyntaxError: Unexpected token ?');
    };
    expect(account.promote('health-v2').version).to.equal('health-v2');
    expect(account.log).to.deep.equal([
      ...to('V2'),
      'check health-v2',
      ...to('V2'),
      'crown health-v2',
      'UpdateModelPackage',
    ]);
  });
});

describe('a rollback', () => {
  it('goes to whichever was champion last before the present one', () => {
    const account = new Account([
      entry(4, 'CHAMPION', 9),
      entry(3, 'RETIRED', 2),
      entry(2, 'RETIRED', 8),
      entry(1, 'RETIRED'),
    ]);
    expect(scripted(rollBack(plan), account.answer)).to.deep.include({
      version: 'health-v2',
      previous: 'health-v4',
      gates: [],
    });
  });

  it('says so where there is none', () => {
    const account = new Account([entry(4, 'CHAMPION', 9), entry(1, 'RETIRED')]);
    expect(account.refused(() => scripted(rollBack(plan), account.answer)).message).to.contain(
      'no former champion of health',
    );
  });
});
