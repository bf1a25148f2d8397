import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { textsOf } from '../../../deploy/objects/source.js';
import { projectRoot } from '../../../deploy/project.js';
import { sqlFile } from '../../../deploy/sql-file.js';
import type { PlanSource } from '../../../procedures/object.js';
import type { ScoringSettings } from '../../../procedures/scoring/plans.js';
import { DAILY_CHECKS, nothingFound, type Today } from '../../../procedures/watching/daily-checks.js';
import { dailyPlan, hourlyPlan, type WatchedSettings } from '../../../procedures/watching/make-plan.js';
import { type Check, type Checked, runChecks } from '../../../procedures/watching/pipe/checks.js';
import { HOURLY_CHECKS, type Hour } from '../../../procedures/watching/pipe/look-at-scoring.js';
import type { WatchPlan } from '../../../procedures/watching/plan.js';
import { type Scripted, scripted } from '../scripted.js';

type Answers = readonly (readonly [statement: RegExp, rows: Scripted | Error])[];

const DAY = '2026-11-30';
const NOW = Date.parse('2026-12-01T12:00:00Z');
const source = {
  contract: loadContract(join(projectRoot, 'sql', 'datasets', 'general.yaml')),
  settings: {
    snowflake: { database: 'D', schema: 'S', integrations: { mail: 'M' }, warehouse: { name: 'W' } },
    timeZone: 'UTC',
    watch: { retrain: 'propose', promoteWithinShift: 0.2, retrainAfterDays: null, keepDays: 400, budget: 10 },
    training: { equity: { bias: 0.1, coverage: null } },
    tasks: { schedule: '15 MINUTE', watch: '', look: '60 MINUTE', resumed: true, silent: null },
    mail: { verified: [] },
  },
  texts: textsOf,
  sql: sqlFile,
  longestGapHours: () => 1,
  restore: () => '',
  streams: [],
  tables: [],
  expiries: [],
  integrations: [{ name: 'LOS_API', properties: { ENABLED: 'TRUE' } }],
  tasks: [
    { name: 'LOS_COUNT', run: 'counting', hours: 24, does: 'Counts the beds.' },
    { name: 'LOS_MONITOR_HOURLY', run: 'look', hours: 1, does: 'Looks.' },
  ],
  counted: [{ name: 'LOS_EVENTS', key: ['EVENT_ID'], rows: 'TRUE', expires: false }],
} as unknown as PlanSource<WatchedSettings & ScoringSettings>;

const hour: Hour = {
  ...hourlyPlan(source),
  seen: { unread: [], changes: false, alarms: undefined, rows: null, alive: null },
};
const today = (): Today => ({
  ...dailyPlan(source),
  version: 'v1',
  week: { period: 'week', from: '2026-11-23', to: '2026-11-29' },
  upTo: DAY,
  found: nothingFound([]),
});

/** What a check comes to where statements are answered like this; one that asks for several at once is refused, so that each is asked. */
function run<P extends WatchPlan>(plan: P, check: Check<P>, answers: Answers): Checked {
  return scripted(runChecks(plan, DAY, [check]), (step) => {
    const sql = 'sql' in step ? String(step.sql) : '';
    if (sql.includes('OBJECT_CONSTRUCT_KEEP_NULL(*) AS FOUND')) throw new Error('One by one.');
    const found = answers.find(([statement]) => statement.test(sql))?.[1];
    if (found instanceof Error) throw found;
    return found;
  });
}

const suspended: Answers = [
  [/^SHOW TASKS/, [{ name: 'LOS_COUNT', state: 'suspended', created_on: '2026-01-01' }]],
  [/^SELECT '' AS KIND/, [{ KIND: '', NOW }]],
  [/AS MINUTES/, [{ MINUTES: 10_000 }]],
];
const failing: Answers = [
  [
    /AS FAILURES/,
    [
      { KIND: 'features', STATUS: 'FAILED', MESSAGE: 'No warehouse.', AT: NOW, NOW },
      { KIND: 'graph failed', STATUS: 'TOLD', AT: NOW - 1000, FAILURES: 1, NOW, LAST_AT: NOW - 1000 },
    ],
  ],
];
const numbers = [
  { FEATURE: 'AGE', N: 500, MISSING: 0, REFERENCE_N: 5000, REFERENCE_MISSING: 0, DISTANCE: 0.4, MOVED: 1 },
];
const sums = {
  N: 5000,
  PATIENTS: 4990,
  ENDED: 4900,
  EXPECTED: 3000,
  GONE: 4900,
  VARIANCE: 20,
  SCORE: 3,
  SQUARES: 9,
};
const performance = {
  ...{
    GROUPED_BY: 'all',
    LEVEL: 'all',
    FROM_DAY: '2026-11-23',
    N: 1000,
    PATIENTS: 990,
    ENDED: 980,
    SEEN: 0.5,
  },
  ...{ SCORE: 6000, EXPECTED: 3000, SQUARES: 9000, EXPECTED_GONE: 975, GONE_VARIANCE: 20, PREDICTED: 9 },
};

/** By the name of each check what statements answer in an accident that it is there for, and the alarm's subject. */
const HOURLY: Readonly<Record<string, readonly [Answers, subject: string]>> = {
  columns: [
    [[/INFORMATION_SCHEMA\.COLUMNS/, [{ NAME: 'OTHER', TYPE: 'TEXT' }]]],
    'columns of GENERAL_SOURCE',
  ],
  'empty columns': [
    [
      [/LOS IS NULL ORDER BY/, [{ N: 50, M0: 50, M1: 0 }]],
      [/LOS_PREDICTION_LOG/, [{ N: 50, M0: 0 }]],
    ],
    'ADMISSION_TYPE',
  ],
  feeds: [
    [[/HASH\(\*\) AS X/, new Error('GENERAL_EVENTS does not exist or not authorized.')]],
    'reading events of stays',
  ],
  'held changes': [
    [
      [
        /"sinceMoment"/,
        [{ table: 'GENERAL_SOURCE', what: 'withdrawals', since: 'then', MINUTES: 90, EARLIER: 0 }],
      ],
    ],
    'GENERAL_SOURCE',
  ],
  'the champion': [[[/LOS_MODEL_REGISTRY/, [{ VERSION: 'v1', STATUS: 'RETIRED', AT: NOW }]]], 'champion'],
  integrations: [[[/AS DUE/, [{ DUE: false, SUBJECTS: '' }]]], 'LOS_API'],
  features: [
    [
      [/MISSING, .*DOUBLED|AS DOUBLED/s, [{ MISSING: 3, DOUBLED: 0, REPEATED: 0 }]],
      [/^CALL \S+RECONCILE/, [{ RECONCILE: { missing: 3, different: 0 } }]],
    ],
    'features',
  ],
  tasks: [suspended, 'LOS_COUNT'],
  'the task graph': [failing, 'task graph runs'],
  'the pipeline': [[[/AS WAITING/, [{ WAITING: 3 }]]], 'waiting'],
  'own tables': [
    [
      [
        /^WITH moments/,
        [{ TABLE_NAME: 'LOS_EVENTS', PRESENT: 1, PAST: 100, LOST: 99, SINCE: 'then', CHANGES: [] }],
      ],
    ],
    'LOS_EVENTS',
  ],
};
const DAILY: typeof HOURLY = {
  inputs: [
    [
      [/LOS_FEATURE_REFERENCE\S* WHERE VERSION = \? LIMIT/, [{ N: 1 }]],
      [/AS DISTANCE/, numbers],
      [/LOS_WATCH_INPUTS/, [{ FEATURE: 'AGE', TEST: 'numeric', FLAGGED: true }]],
    ],
    'AGE',
  ],
  predictions: [
    [
      [/AS EXPECTED_GONE/, [performance]],
      [/METRICS IS NOT NULL/, [{ METRICS: '{"rmse":5}', PARAMETERS: '{}', LINEAGE: '{}' }]],
    ],
    'all patients',
  ],
  'daily predictions': [[[/LOS_DAILY_PREDICTIONS/, [{ LEVEL: '1', ...sums }]]], 'mornings of day 1'],
  'the pipeline': [[[/AS WENT_A_DAY/, [{ SINCE_WENT: 9, WENT_A_DAY: 50 }]]], 'discharges'],
  'the task graph': [failing, 'task graph runs'],
  tasks: [suspended, 'LOS_COUNT'],
  credits: [[[/METERING_HISTORY/, [{ credits: 11 }]]], 'credits'],
};

function hasRunbookPage(page: string): boolean {
  return existsSync(join(projectRoot, 'docs', 'runbook', `${page}.md`));
}

/** Holds each check of a list: it tells its accident, in a sentence and with a page, and is quiet where no statement finds anything. */
function holdChecks<P extends WatchPlan>(
  checks: readonly Check<P>[],
  cases: typeof HOURLY,
  plan: () => P,
  without: readonly string[] = [],
): void {
  it('has an accident here for each check', () => {
    const names = checks.filter(({ kinds }) => kinds.length > 0).map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names.filter((name) => !without.includes(name) && !(name in cases))).to.deep.equal([]);
  });

  for (const [name, [answers, subject]] of Object.entries(cases))
    it(`tells with its page of what it is there for: ${name}`, () => {
      const check = checks.find((each) => each.name === name)!;
      const { signs, failures } = run(plan(), check, answers);
      expect(failures).to.deep.equal([]);
      const sign = signs.find((each) => each.subject.includes(subject))!;
      expect(sign, JSON.stringify(signs)).to.not.equal(undefined);
      if (check.kinds.length > 0) expect(check.kinds).to.include(sign.kind);
      expect(sign.message).to.match(/^[A-Z0-9].*[.;]$/s);
      expect(hasRunbookPage(sign.lookAt), sign.lookAt).to.equal(true);
    });

  for (const check of checks.filter(({ kinds }) => kinds.length > 0))
    it(`fails alone, and keeps its alarms as they are: ${check.name}`, () => {
      const { signs, kinds, failures } = run(plan(), check, [[/./, new Error('No warehouse.')]]);
      expect(signs).to.deep.equal([]);
      expect(failures.length).to.be.above(0);
      expect(kinds).to.deep.equal([]);
    });
}

describe('the checks of the hourly monitor', () => {
  holdChecks(HOURLY_CHECKS, HOURLY, () => hour);
});

describe('the checks of the daily monitor', () => {
  // It finds no sign: it says whether others can know anything.
  holdChecks(DAILY_CHECKS, DAILY, today, ['held changes']);
});
