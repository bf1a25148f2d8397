import { expect } from 'chai';
import type { Plan } from '../../../../procedures/ground/plan.js';
import { Later, type Row } from '../../../../procedures/ground/work.js';
import type { Move } from '../../../../procedures/training/machine.js';
import type { Run } from '../../../../procedures/training/run.js';
import { calibrate, judgeVersion, serve } from '../../../../procedures/training/states/judge.js';
import type { FeatureCode } from '../../../../udfs/encoding/encoding.js';
import type { Model } from '../../../../udfs/model.js';
import { place, type Scripted, scripted } from '../../scripted.js';

const TRANSLATOR = 'udfs/translators/request-translator.ts';

const plan = {
  contract: {
    ...{ name: 'health', table: 'HEALTH', id: 'CASE_ID', groups: [['WARD']] },
    ...{ columns: { WARD: 'VARCHAR' }, features: { WARD: { type: 'categorical' } } },
  },
  reads: {},
  settings: {
    ...{ ...place, prefix: 'los' },
    snowflake: { ...place.snowflake, integrations: { api: 'LOS_API' } },
    training: { chooseBy: 'crps', longStayDays: 21 },
    endpoint: { type: 'serverless', maxConcurrency: 2 },
  },
  aws: { executionRole: 'arn:role', image: 'image', bucket: 's3://bucket' },
  serviceUrl: 'https://api',
  bodies: {
    [TRANSLATOR]: 'MODEL LOS_MODEL_PLACE END',
    'udfs/translators/reasons-request-translator.ts': 'MODEL LOS_MODEL_PLACE END',
  },
  sql: {
    'calibration/answered': 'ANSWERED {{scale}}',
    'calibration/calibrated': 'CALIBRATED {{given}}',
    'calibration/described': 'DESCRIBED',
    'calibration/levels': 'LEVELS',
    'calibration/paced-means': 'MEANS {{paces}} {{predict}}',
    'calibration/scale': 'SCALE',
    'evaluation/reference': 'REFERENCE',
  },
} as unknown as Plan;

const chosen = (objective: string) => ({ name: 'chosen', hyperparameters: { objective } });
const hazards = { ends: [2, 5], suffixes: [',0,0', ',1,0'], excess: 3 };

/** What the calibration of a version did, in its order, and the model that came of it. */
function calibrated(
  objective: string,
  answers: {
    readonly means?: readonly Row[];
    readonly scale?: number;
    /** Whether what the candidate answered is kept. */
    readonly kept?: boolean;
    readonly features?: readonly FeatureCode[];
    readonly endpoint?: string;
  },
): { did: string[]; also: Move['also']; model: Model; calibrationRows: number } {
  const run = {
    ...{ id: 'run-1', dataset: 'health', state: 'CALIBRATE', options: {} },
    data: {
      ...{
        number: 3,
        features: answers.features ?? [],
        split: { train: 900, validation: 300, trainMin: 1, trainMean: 4 },
      },
      chosen: chosen(objective),
      hazards: { hazards, location: null },
    },
  } as unknown as Run;
  const did: string[] = [];
  const move = scripted(calibrate(plan, run), (step): Scripted => {
    if (!('sql' in step)) {
      did.push(step.action);
      return { ok: true, answer: { EndpointStatus: answers.endpoint ?? 'InService' } };
    }
    const { sql } = step;
    if (/REQUEST_TRANSLATOR_?|LOS_REQUEST/.test(sql) && /MODEL /.test(sql)) {
      const { paces, scale } = servedModel(sql);
      did.push(`serve ${paces?.all ?? scale ?? 'plain'}`);
    } else if (/^ANSWERED/.test(sql)) {
      expect(step.binds).to.deep.equal(['health-v3', 'run-1', 'chosen']);
      did.push(sql.toLowerCase());
      return answers.kept === false ? 0 : 300;
    } else if (/^INSERT/.test(sql)) {
      did.push('predict');
      return 300;
    } else if (/^DESCRIBED/.test(sql)) {
      did.push('describe');
    } else if (/^MEANS/.test(sql)) {
      did.push('means');
      return answers.means;
    } else if (/^SCALE/.test(sql)) {
      did.push('scale');
      return [{ SCALE: answers.scale ?? null }];
    } else if (/^CALIBRATED/.test(sql)) return [{ CALIBRATED: { fitted: { bands: [] } } }];
    else if (/^SELECT GET\(CALIBRATED/.test(sql))
      return [
        {
          FITTED: { bands: [], spread: { kind: 'quotient', shares: [], around: [] } },
        },
      ];
    return undefined;
  });
  return { did, also: move.also, ...(move.data as { model: Model; calibrationRows: number }) };
}

function servedModel(sql: string): Model {
  return JSON.parse(/MODEL (.*) END/.exec(sql)![1]!);
}

/** Sums of curves that are too short by 2 %, and become longer as patients become slower. */
const short: readonly Row[] = [
  {
    ...{ SIDE: 'train', STAYS: 1000, NOISE: 1 },
    ...Object.fromEntries(
      [0.5, 0.65, 0.8, 0.87, 0.94, 1, 1.06, 1.15, 1.3, 1.6, 2].map((pace, i) => [
        `BED_DAYS_${i}`,
        980 / pace,
      ]),
    ),
  },
];

describe('the calibration of a version', () => {
  it('lets curves of hazards add up to the bed-days', () => {
    const { did, model, calibrationRows } = calibrated('binary:logistic', { means: short });
    expect(model.paces).to.deep.equal({ all: 0.98 });
    // As its candidate was judged.
    expect(model.hazards).to.deep.equal(hazards);
    // Levels are cut on what is served in the end.
    expect(did).to.deep.equal([
      ...[
        'DescribeEndpoint',
        'serve plain',
        'predict',
        'means',
        'serve 0.98',
        'predict',
        'serve 0.98',
        'predict',
      ],
    ]);
    expect(calibrationRows).to.equal(300);
  });

  it('leaves curves that are right as they are, and asks no more than it must', () => {
    const { did, model } = calibrated('binary:logistic', {});
    expect(model.paces).to.equal(undefined);
    expect(did).to.deep.equal([
      ...['DescribeEndpoint', 'serve plain', 'predict', 'means', 'serve plain', 'predict'],
    ]);
  });

  it('multiplies days of relative errors by what their sum lacks, and has no pace for them', () => {
    const { did, model } = calibrated('reg:gamma', { scale: 1.01, means: short });
    expect(model.scale).to.equal(1.01);
    expect(model.paces).to.equal(undefined);
    // What it answered when it was chosen is what it says of its validation rows, and the rest follows from that.
    expect(did).to.deep.equal(['DescribeEndpoint', 'serve plain', 'scale', 'answered 1.01', 'describe']);
  });

  it('asks no one of whom it knows all, and so waits for no endpoint', () => {
    expect(calibrated('reg:squarederror', { endpoint: 'Creating' }).did).to.deep.equal([
      ...['answered 1', 'describe'],
    ]);
    for (const [objective, kept] of [
      ['reg:gamma', true],
      ['binary:logistic', true],
      ['reg:squarederror', false],
    ] as const)
      expect(() => calibrated(objective, { kept, endpoint: 'Creating' }), objective).to.throw(
        'los-health-v3: Creating',
      );
  });

  it('forgets the answers only when it is written down', () => {
    const { also } = calibrated('reg:squarederror', {});
    const said: string[] = [];
    scripted(also!(), (step) => void said.push('sql' in step ? step.sql : step.action));
    expect(said).to.deep.equal(['DELETE FROM D.S.LOS_CANDIDATE_PREDICTIONS WHERE RUN_ID = ?']);
  });

  it('knows the usual values of its features', () => {
    const features: FeatureCode[] = [
      { kind: 'onehot', name: 'WARD', levels: ['icu'], usual: 'icu', absent: 0 },
      { kind: 'numeric', name: 'AGE', absent: 1 },
    ];
    const { model } = calibrated('reg:squarederror', { features });
    expect(model).to.deep.include({ references: { WARD: 'icu' } });
    expect(model.inputs?.shares).to.deep.equal({ WARD: 0.5, AGE: 0.5 });
  });

  it('asks a model of days whose answers are not kept any more', () => {
    const { did, calibrationRows } = calibrated('reg:squarederror', { kept: false });
    expect(did).to.deep.equal([...['answered 1', 'DescribeEndpoint', 'serve plain', 'predict', 'describe']]);
    expect(calibrationRows).to.equal(300);
  });
});

describe('the endpoint of a version', () => {
  /** A step of SERVE, and what it asked for in short; statements by their first words. */
  function served(
    status: string | undefined,
    data: object = {},
  ): { did: string[]; move: Move | null; waits: string } {
    const run = {
      ...{ id: 'run-1', dataset: 'health', state: 'SERVE', options: {} },
      data: {
        ...{ number: 3, training: { artifact: 's3://model' }, features: [{ name: 'WARD', kind: 'onehot' }] },
        ...data,
      },
    } as unknown as Run;
    const did: string[] = [];
    try {
      const move = scripted(serve(plan, run), (step): Scripted => {
        did.push('sql' in step ? step.sql.split(/\s+/).slice(0, 2).join(' ') : step.action);
        if ('sql' in step) return /HASH_AGG/.test(step.sql) ? [{ FINGERPRINT: '7' }] : [];
        if (step.action !== 'DescribeEndpoint') return { ok: true, answer: {} };
        return status === undefined
          ? { ok: false, error: 'ValidationException', message: 'Could not find endpoint' }
          : { ok: true, answer: { EndpointStatus: status } };
      });
      return { did, move, waits: '' };
    } catch (error) {
      if (!(error instanceof Later)) throw error;
      return { did, move: null, waits: error.message };
    }
  }

  const TOLD = [
    'BEGIN',
    'DELETE FROM',
    'REFERENCE',
    'COMMIT',
    'SELECT TO_VARCHAR(HASH_AGG(CASE_ID,',
    'SELECT ROW_SIDE,',
    'SELECT CASE',
  ];

  it('is made, and what the rows are is said while it comes into service', () => {
    const { did, move } = served(undefined);
    expect(did.slice(0, 4)).to.deep.equal([
      ...['DescribeEndpoint', 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint'],
    ]);
    expect(did.slice(4)).to.deep.equal(TOLD);
    expect(move).to.deep.include({
      to: 'CALIBRATE',
      data: {
        participants: { sides: [], missing: { WARD: 0 } },
        fingerprint: '7',
      },
    });
  });

  it('says no more than is not known: what the rows are was kept while the screening model was trained', () => {
    const { did, move } = served(undefined, { fingerprint: '8' });
    expect(did.slice(4)).to.deep.equal(TOLD.slice(5));
    expect(move?.data).to.deep.include({ fingerprint: '8' });
  });

  it('is left alone where it is there already, whether or not the version is calibrated', () => {
    const told = { participants: { sides: [], missing: {} }, fingerprint: '7' };
    for (const status of ['Creating', 'InService']) {
      expect(served(status, told).did).to.deep.equal(['DescribeEndpoint']);
      expect(served(status, told).move).to.deep.include({ to: 'CALIBRATE', data: told });
    }
    expect(served('InService', { ...told, model: {} }).move?.to).to.equal('JUDGE');
  });

  it('is taken down where it failed, and made once it is gone', () => {
    const waits = 'los-health-v3: Deleting';
    expect(served('Failed')).to.deep.equal({
      did: ['DescribeEndpoint', 'DeleteEndpoint', 'DeleteEndpointConfig', 'DeleteModel'],
      ...{ move: null, waits },
    });
    expect(served('Deleting')).to.deep.equal({ did: ['DescribeEndpoint'], move: null, waits });
  });

  it('is waited for before the version is measured, and the version knows what it looks for reasons among', () => {
    const model = {
      version: 'v',
      endpoint: 'e',
      features: [],
      floor: 1,
      bands: [],
      references: { WARD: 'icu' },
    };
    const judged = (status: string, hazardous = false) => {
      const did: string[] = [];
      const run = {
        ...{ id: 'run-1', dataset: 'health', state: 'JUDGE', options: {} },
        data: { number: 3, model: { ...model, ...(hazardous && { hazards }) }, calibrationRows: 300 },
      } as unknown as Run;
      try {
        scripted(judgeVersion(plan, run), (step): Scripted => {
          if (!('sql' in step)) {
            did.push(step.action);
            return { ok: true, answer: { EndpointStatus: status } };
          }
          const [, translator] = /FUNCTION \S*LOS_(REQUEST|REASONS)_/.exec(step.sql) ?? [];
          if (translator) did.push(`${translator} ${servedModel(step.sql).explained ?? 'not known'}`);
          if (/^INSERT/.test(step.sql)) throw new Error('measured');
          return undefined;
        });
      } catch (error) {
        did.push((error as Error).message);
      }
      return did;
    };
    expect(judged('Creating')).to.deep.equal(['DescribeEndpoint', 'los-health-v3: Creating']);
    // Also one of hazards, which knew no levels when it was asked for its calibration.
    for (const hazardous of [false, true])
      expect(judged('InService', hazardous)).to.deep.equal([
        ...['DescribeEndpoint', 'REQUEST not known', 'REASONS WARD', 'measured'],
      ]);
  });
});
